/**
 * `true` when two types are the same, else what they differ in, so that a field that one of them lacks fails the type check,
 * by name, where it says `true satisfies Same<A, B>`.
 */
export type Same<A, B> =
  // A name of its own, for the compiler to print what it stands for.
  Differing<A, B> extends infer Difference
    ? [Difference] extends [never]
      ? [A, B] extends [B, A]
        ? true
        : 'a field has another type'
      : Difference
    : never;

/** Names that only one of them has. Optional ones are invisible to assignability. */
type Differing<A, B> = Exclude<Keys<A>, Keys<B>> | Exclude<Keys<B>, Keys<A>>;

/** Names of all properties at any depth. */
type Keys<T> = T extends readonly (infer Item)[]
  ? Keys<Item>
  : T extends object
    ? string extends keyof T
      ? Keys<T[string & keyof T]>
      : { [Key in keyof T & string]: Key | Prefixed<Key, Keys<NonNullable<T[Key]>>> }[keyof T & string]
    : never;

type Prefixed<Key extends string, Rest> = Rest extends string ? `${Key}.${Rest}` : never;
