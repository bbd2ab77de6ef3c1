import t from 'tap'
import { isAllowed } from '../../src/exchange/pull-hosts.ts'

const cases: [pattern: string, covers: readonly string[], not: readonly string[]][] = [
  ['a.example', ['https://a.example/x', 'http://a.example', 'https://A.EXAMPLE'], ['https://a.example:8443', 'https://b.a.example', 'https://a.example.evil.example']],
  ['A.example:8443', ['https://a.example:8443/'], ['https://a.example', 'https://a.example:443']],
  ['a.example:443', ['https://a.example'], ['http://a.example']],
  ['*.gov.example', ['https://a.gov.example', 'https://a.b.gov.example'], ['https://gov.example', 'https://evilgov.example', 'https://a.gov.example:1']],
  ['[::1]:8080', ['http://[::1]:8080'], ['http://[::1]']],
  ['10.0.0.1', ['http://10.0.0.1', 'http://0x0a000001'], ['http://10.0.0.10', 'http://110.0.0.1']],
  ['*', ['https://any.example:99'], []],
] // prettier-ignore

t.test('a pattern covers what it says and nothing beside', async t => {
  for (const [pattern, covered, others] of cases) {
    for (const url of covered) t.equal(isAllowed(['none.example', pattern], new URL(url)), true, `${pattern} ${url}`)
    for (const url of others) t.equal(isAllowed([pattern], new URL(url)), false, `${pattern} not ${url}`)
  }
  t.equal(isAllowed([], new URL('http://127.0.0.1')), false)
})
