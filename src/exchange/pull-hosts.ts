/** Which hosts the operator lets the hub ask: those of CONCORD_PULL_HOSTS. */

/** Whether a pattern covers an address: `host` on the usual ports, `host:port`, `*.domain` without the domain itself, `*`. */
export function isAllowed(patterns: readonly string[], url: URL): boolean {
  return patterns.some(pattern => pattern === '*' || covers(pattern.toLowerCase(), url))
}

function covers(pattern: string, { protocol, hostname, port }: URL): boolean {
  const [, host = '', ownPort] = /^(.*?)(?::(\d+))?$/.exec(pattern) ?? []
  const usualPort = protocol === 'https:' ? '443' : '80'
  if ((port || usualPort) !== (ownPort ?? usualPort)) return false
  return host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host
}
