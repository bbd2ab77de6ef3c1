/** What a caller would take: `Accept` and `Accept-Encoding` (RFC 9110 §12.5). */

/** A range and its weight: `text/*;q=0.5`. */
type Range = { readonly range: string; readonly weight: number }

/**
 * That of the media types offered which the caller would rather have: by weight, then in the order of the offer; the first
 * where it does not say. Undefined where it takes none.
 */
export function preferredType<Type extends string>(
  accept: string | undefined,
  offered: readonly [Type, ...Type[]],
): Type | undefined {
  if (accept === undefined || accept.trim() === '') return offered[0]
  const ranges = rangesOf(accept)
  const weights = offered.map(type => weightOf(ranges, [type, `${type.split('/', 1)[0]}/*`, '*/*']))
  const most = Math.max(...weights)
  return most > 0 ? offered[weights.indexOf(most)] : undefined
}

/** Whether the caller takes gzip; nobody gets it who does not say so. */
export function takesGzip(acceptEncoding: string | undefined): boolean {
  return weightOf(rangesOf(acceptEncoding ?? ''), ['gzip', 'x-gzip', '*']) > 0
}

/** The weight of the first name that a range has: the most specific one decides. */
function weightOf(ranges: readonly Range[], names: readonly string[]): number {
  for (const name of names) {
    const found = ranges.find(({ range }) => range === name)
    if (found !== undefined) return found.weight
  }
  return 0
}

function rangesOf(header: string): Range[] {
  return header.split(',').map(part => {
    const [range = '', ...parameters] = part.split(';').map(text => text.trim().toLowerCase())
    const weight = parameters.find(parameter => parameter.startsWith('q='))?.slice(2)
    // A weight that is none counts for nothing rather than for everything.
    return { range, weight: weight === undefined ? 1 : Number.parseFloat(weight) || 0 }
  })
}
