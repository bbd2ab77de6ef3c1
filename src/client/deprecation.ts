/** What replies say of the end of a major: RFC 9745, RFC 8594, RFC 8288. */

/** The major that an agreement is on comes to its end. */
export type Deprecation = {
  readonly standard: string
  /** Since when it is deprecated. */
  readonly deprecatedAt: Date
  /** From then on the hub may refuse calls with 410 `major-retired`; undefined where it does not say. */
  readonly sunset: Date | undefined
  /** Where to read why. */
  readonly documentation: URL | undefined
  /** The newest version of the next major; undefined where there is none yet. */
  readonly successor: URL | undefined
}

/** Tells of each deprecation once, and again where its sunset has changed. */
export function deprecationTeller(tell: (deprecation: Deprecation) => void): (url: URL, headers: Headers) => void {
  const told = new Set<string>()
  return (url, headers) => {
    const deprecation = deprecationOf(url, headers)
    if (deprecation === undefined) return
    const { standard, deprecatedAt, sunset } = deprecation
    const name = `${standard} ${deprecatedAt.getTime()} ${sunset?.getTime()}`
    if (told.has(name)) return
    told.add(name)
    tell(deprecation)
  }
}

/** Undefined where the reply to a call of a standard's address does not say so. */
export function deprecationOf(url: URL, headers: Headers): Deprecation | undefined {
  const [, seconds] = /^@(-?\d{1,13})/.exec(headers.get('deprecation') ?? '') ?? []
  const [, standard] = /\/v1\/standards\/([^/]+)/.exec(url.pathname) ?? []
  if (seconds === undefined || standard === undefined) return undefined
  const sunset = Date.parse(headers.get('sunset') ?? '')
  const links = headers.get('link') ?? ''
  return {
    standard: decodeURIComponent(standard),
    deprecatedAt: new Date(Number(seconds) * 1000),
    sunset: Number.isNaN(sunset) ? undefined : new Date(sunset),
    documentation: linkOf(links, 'deprecation', url),
    successor: linkOf(links, 'successor-version', url),
  }
}

/** The first target of a relation, in the form that hubs send. */
function linkOf(links: string, relation: string, base: URL): URL | undefined {
  for (const [, target = '', parameters = ''] of links.matchAll(/<([^>]*)>([^<]*)/g)) {
    if (parameters.includes(`rel="${relation}"`) && URL.canParse(target, base)) return new URL(target, base)
  }
  return undefined
}
