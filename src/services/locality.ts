/** The locality of objects that are named `<where>/…`: where they are. */
export function beforeSlash(object: string): string {
  const slash = object.indexOf('/');
  return slash < 0 ? object : object.slice(0, slash);
}
