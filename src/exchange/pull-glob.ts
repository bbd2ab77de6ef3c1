/** Names by a pattern in which `*` stands for any characters and `?` for one. */

/**
 * Whether a pattern covers the whole of a name. Goes back to the last star only, whose stretch grows: what stood before it
 * needs no other trial. So it takes as many steps as name times pattern at most, whatever the stars.
 */
export function covers(pattern: string, name: string): boolean {
  const wanted = Array.from(pattern)
  const given = Array.from(name)
  let at = 0
  let from = 0
  let star: { readonly at: number; readonly from: number } | undefined
  while (from < given.length) {
    if (wanted[at] === '*') {
      star = { at, from }
      at++
    } else if (wanted[at] === '?' || wanted[at] === given[from]) {
      at++
      from++
    } else if (star !== undefined) {
      star = { at: star.at, from: star.from + 1 }
      at = star.at + 1
      from = star.from
    } else return false
  }
  return wanted.slice(at).every(character => character === '*')
}
