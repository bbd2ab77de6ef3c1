import t from 'tap'
import type { HubError } from '../../src/errors.ts'
import { compileAdapter } from '../../src/map/adapter.ts'
import { nextRun } from '../../src/map/schedule.ts'
import { catalogue, documentWith } from './fixture.ts'

const schedule = '0 3 * * *'
const http = { url: 'https://a.example/units' }
const folder = { path: 'data-bureau/in', match: '*.xml' }
const query = 'SELECT id, changed FROM t WHERE changed > :watermark ORDER BY changed'
const database = { credential: 'exchange', query, watermark: 'changed', initial: '0' }
const ndjson = { format: 'ndjson', records: '' }

const good: [what: string, members: object][] = [
  ['an address', { pull: { schedule, http } }],
  ['an address with all that there is', { pull: { schedule, http: { ...http, credential: 'exchange', headers: { Accept: 'application/json' }, paging: { page: 'p', from: 0, size: { parameter: 'n', number: 100 } } } } }],
  ['pages by the Link header', { pull: { schedule, http: { ...http, paging: { next: 'link' } } }, source: ndjson }],
  ['a folder', { pull: { schedule: '@hourly', folder } }],
  ['a database', { pull: { schedule, database }, source: ndjson }],
  ['a whole table as a snapshot', { pull: { schedule, database: { credential: 'exchange', query: 'TABLE t' } }, source: ndjson, mode: 'snapshot' }],
] // prettier-ignore

for (const [what, members] of good) {
  t.test(`${what} can be pulled from`, async t => {
    t.same(compileAdapter(documentWith({}, members), catalogue).pull, (members as { pull: object }).pull)
  })
}

const paged = (paging: object) => ({ pull: { schedule, http: { ...http, paging } } })
const from = (more: object) => ({ pull: { schedule, http: { ...http, ...more } } })
const dropped = (path: string) => ({ pull: { schedule, folder: { path } } })
const asked = (more: object, members: object = {}) => ({ pull: { schedule, database: { ...database, ...more } }, source: ndjson, ...members }) // prettier-ignore

const refusals: [what: string, members: object, pointer: string][] = [
  ['no source', { pull: { schedule } }, '/pull'],
  ['two sources', { pull: { schedule, http, folder } }, '/pull'],
  ['a schedule that is none', { pull: { schedule: 'daily', http } }, '/pull/schedule'],
  ['a schedule with seconds', { pull: { schedule: '* * * * * *', http } }, '/pull/schedule'],
  ['a day that never comes', { pull: { schedule: '0 0 30 2 *', http } }, '/pull/schedule'],
  ['another protocol', from({ url: 'file:///etc/passwd' }), '/pull/http/url'],
  ['no address', from({ url: 'a.example' }), '/pull/http/url'],
  ['a password in the address', from({ url: 'https://u:p@a.example' }), '/pull/http/url'],
  ['a secret among the headers', from({ headers: { authorization: 'Bearer x' } }), '/pull/http/headers/authorization'],
  ['a header of two lines', from({ headers: { 'X-A': 'a\r\nX-B: b' } }), '/pull/http/headers/X-A'],
  ['two kinds of paging', paged({ page: 'p', next: 'link' }), '/pull/http/paging'],
  ['a number to begin with without pages', paged({ offset: 'o', from: 1 }), '/pull/http/paging/from'],
  ['a path that is not absolute', paged({ next: 'links/next' }), '/pull/http/paging/next'],
  ['a path into lines', { ...paged({ cursor: { parameter: 'c', path: '/c' } }), source: ndjson }, '/pull/http/paging/cursor/path'],
  ['a way out of the drop folder', dropped('data-bureau/../../etc'), '/pull/folder/path'],
  ['an absolute folder', dropped('/etc'), '/pull/folder/path'],
  ["another department's folder", dropped('taxation/in'), '/pull/folder/path'],
  ['a watermark without a beginning', { pull: { schedule, database: { credential: 'a', query, watermark: 'w' } }, source: ndjson }, '/pull/database/watermark'],
  ['a query that does not use it', asked({ query: 'SELECT * FROM t ORDER BY 1' }), '/pull/database/query'],
  ['a query in no order', asked({ query: 'SELECT * FROM t WHERE changed > :watermark' }), '/pull/database/query'],
  ['a query that uses none', { pull: { schedule, database: { credential: 'a', query } }, source: ndjson }, '/pull/database/query'],
  ['a snapshot of what has changed', asked({}, { mode: 'snapshot' }), '/pull/database/watermark'],
  ['rows in another format', asked({}, { source: { format: 'json', records: '' } }), '/source/format'],
  ['rows that are wrapped', asked({}, { source: { ...ndjson, decode: ['base64'] } }), '/source/format'],
] // prettier-ignore

for (const [what, members, pointer] of refusals) {
  t.test(`${what} is refused when the adapter is loaded`, async t => {
    try {
      compileAdapter(documentWith({}, members), catalogue)
      t.fail('it was taken')
    } catch (error) {
      const { code, issues } = error as HubError
      t.equal(code, 'adapter-invalid')
      t.same(
        issues.map(issue => issue.pointer),
        [pointer],
        JSON.stringify(issues),
      )
    }
  })
}

const after = '2026-03-01T08:00:00Z'
const times: [schedule: string, timezone: string | undefined, after: string, next: string | undefined][] = [
  ['0 3 * * *', undefined, after, '2026-03-02T03:00:00.000Z'],
  ['0 3 * * *', '+08:00', after, '2026-03-01T19:00:00.000Z'],
  ['0 3 * * *', '-03:30', after, '2026-03-02T06:30:00.000Z'],
  ['0 3 * * MON', 'Asia/Shanghai', after, '2026-03-01T19:00:00.000Z'],
  ['*/5 * * * *', 'Z', '2026-03-01T08:05:00Z', '2026-03-01T08:10:00.000Z'],
  // The clocks go from two to three, and from three back to two.
  ['30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-29T01:00:00.000Z'],
  ['30 2 * * *', 'Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00.000Z'],
  ['0 0 30 2 *', 'Z', after, undefined],
  ['0 3 * * *', 'Nowhere/City', after, undefined],
]

t.test('the next run is after an instant, in a time zone, by its clocks', async t => {
  for (const [cron, timezone, at, next] of times) {
    t.equal(nextRun(cron, timezone, new Date(at))?.toISOString(), next, `${cron} ${timezone}`)
  }
})
