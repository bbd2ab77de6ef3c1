/** Results of pure functions of a schema, kept as long as the schema is: a proof asks the same many times. */

/** The function, asked once for each subject and text. */
export function remembered<Subject extends object, Result>(
  make: (subject: Subject, text: string) => Result,
): (subject: Subject, text?: string) => Result {
  const known = new WeakMap<Subject, Map<string, Result>>()
  return (subject, text = '') => {
    let results = known.get(subject)
    if (results === undefined) known.set(subject, (results = new Map()))
    const result = results.get(text)
    if (result !== undefined || results.has(text)) return result as Result
    const made = make(subject, text)
    results.set(text, made)
    return made
  }
}
