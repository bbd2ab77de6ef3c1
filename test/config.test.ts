import t from 'tap'
import { describeEnvironment, readConfig } from '../src/config.ts'

t.test('without a variable everything has its default, on the loopback', async t => {
  t.match(readConfig({}), { host: '127.0.0.1', port: 8080, samples: false, logLevel: 'info', keyFiles: {} })
  t.ok(Object.isFrozen(readConfig({})))
})

t.test('variables of others and empty ones are passed over', async t => {
  t.match(readConfig({ HOME: '/x', CONCORD_PORT: '' }), { port: 8080 })
})

const refusals: [what: string, environment: Record<string, string>, message: RegExp][] = [
  ['an unknown variable', { CONCORD_PROT: '80' }, /CONCORD_PROT is not a variable/],
  ['a port that is no number', { CONCORD_PORT: 'http' }, /CONCORD_PORT must be integer/],
  ['a port beyond the last', { CONCORD_PORT: '65536' }, /CONCORD_PORT must be <= 65535/],
  ['a level that there is not', { CONCORD_LOG_LEVEL: 'loud' }, /CONCORD_LOG_LEVEL .*fatal, error/],
  ['half of TLS', { CONCORD_TLS_CERT: 'cert.pem' }, /CONCORD_TLS_KEY/],
  ['a name of the log that notes cannot hold', { CONCORD_LOG_ORIGIN: 'a b' }, /CONCORD_LOG_ORIGIN/],
  ['another address in plain text', { CONCORD_HOST: '0.0.0.0' }, /CONCORD_HOST only a loopback address/],
]

for (const [what, environment, message] of refusals) {
  t.test(`refuses ${what}, and names it`, async t => {
    t.throws(() => readConfig(environment), { code: 'configuration-invalid', message })
  })
}

t.test('all that is wrong is said at once, and no value is', async t => {
  t.throws(() => readConfig({ CONCORD_PORT: 'VALUE-MARKER', CONCORD_X: 'VALUE-MARKER' }), {
    message: /CONCORD_X.*CONCORD_PORT|CONCORD_PORT.*CONCORD_X/s,
  })
  try {
    readConfig({ CONCORD_PORT: 'VALUE-MARKER' })
  } catch (error) {
    t.notMatch((error as Error).message, /VALUE-MARKER/)
  }
})

t.test('another address is taken with TLS, or behind a proxy that ends it', async t => {
  t.match(readConfig({ CONCORD_HOST: '0.0.0.0', CONCORD_TRUSTED_PROXIES: '10.0.0.1, 10.1.0.0/16' }), {
    trustedProxies: ['10.0.0.1', '10.1.0.0/16'],
  })
  t.match(readConfig({ CONCORD_HOST: '::', CONCORD_TLS_CERT: 'c', CONCORD_TLS_KEY: 'k' }), { host: '::' })
})

t.test(
  'the hosts that may be pulled from are a list, none by default; the drop folder is an absolute path',
  async t => {
    t.same(readConfig({}).pullHosts, [])
    t.equal(readConfig({}).dropDirectory, undefined)
    const config = readConfig({ CONCORD_PULL_HOSTS: 'a.example, *.b.example:8443,', CONCORD_DROP_DIR: 'drop' })
    t.same(config.pullHosts, ['a.example', '*.b.example:8443'])
    t.match(config.dropDirectory, /^\/.*\/drop$/)
  },
)

t.test('every variable has a meaning to be read in the help', async t => {
  for (const { name, meaning } of describeEnvironment()) t.match(meaning, /^[A-Z0-9].*\.$/, name)
})
