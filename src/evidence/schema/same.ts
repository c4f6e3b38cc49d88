/**
 * Whether two types are the same, so that a field that one of them lacks fails the type check where it says
 * `true satisfies Same<A, B>`.
 */
export type Same<A, B> = [A, B] extends [B, A]
  ? [Keys<A>] extends [Keys<B>]
    ? [Keys<B>] extends [Keys<A>]
      ? true
      : false
    : false
  : false;

/** Names of all properties at any depth: optional ones are invisible to assignability. */
type Keys<T> = T extends readonly (infer Item)[]
  ? Keys<Item>
  : T extends object
    ? string extends keyof T
      ? Keys<T[string & keyof T]>
      : { [Key in keyof T & string]: Key | Prefixed<Key, Keys<NonNullable<T[Key]>>> }[keyof T & string]
    : never;

type Prefixed<Key extends string, Rest> = Rest extends string ? `${Key}.${Rest}` : never;
