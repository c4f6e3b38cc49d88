/** What has to be done on the machine before the start: nothing, so that any user can run it anywhere. */
export function prepare() {}
