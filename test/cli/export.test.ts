import t from 'tap'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAgreement } from '../../src/exchange/agreements.ts'
import type { Entry } from '../../src/log/entry.ts'
import { deliverThings, publishThings } from '../exchange/things.ts'
import { folder, openTestHub, tester } from '../helper.ts'
import { build, programOn } from './concord.ts'

build()

t.test(
  'export writes a file that is there once it is whole, for a department, and the operator is who did it',
  async t => {
    const directory = join(folder(t), 'data')
    await t.test('a hub', async t => {
      const hub = await openTestHub(t, directory)
      await publishThings(hub)
      await createAgreement(hub, tester, {
        department: 'archives',
        standard: 'thing',
        major: 1,
        fields: ['id', 'note'],
        operations: ['export'],
        matters: ['m'],
        from: new Date(0),
        until: new Date('2100-01-01'),
      })
      await deliverThings(hub, 'data-bureau/input', [
        { id: '1', note: '=1+1' },
        { id: '2', secret: 's' },
      ])
    })
    const concord = programOn(directory)
    const out = join(folder(t), 'things.csv')
    const args = ['export', 'thing', '--department', 'archives', '--matter', 'm']

    const first = await concord.run([...args, '--case', '2026-17', '--format', 'csv', '--out', out, '--json'])
    t.match(first, { status: 0, stderr: '' })
    t.match(JSON.parse(first.stdout), { file: out, format: 'csv', records: 2, entry: Number, cursor: String })
    t.equal(statSync(out).mode & 0o777, 0o600)
    t.match(readFileSync(out, 'utf8'), /^key,.*\r\n1,.*,=1\+1,/)

    t.match(await concord.run([...args, '--format', 'csv', '--spreadsheet', '--out', out]), {
      status: 0,
      stdout: /^Wrote 2 records to .*\nChanges since go on from the cursor \S+\n$/,
    })
    t.match(readFileSync(out, 'utf8'), /^\ufeffkey,.*\r\n1,.*,'=1\+1,/)

    const lines = (await concord.run([...args, '--fields', 'note'])).stdout.trimEnd().split('\n')
    t.match(
      lines.map(line => JSON.parse(line) as unknown),
      [{ key: '1', data: { note: '=1+1' } }, { key: '2', data: {} }, { cursor: String }],
    )
    t.match((await concord.run([...args, '--format', 'xml'])).stdout, /<\/records>\n$/)

    writeFileSync(out, 'as it was')
    const refused: [more: string[], status: number, says: RegExp][] = [
      [['--matter', 'other', '--out', out], 1, /agreement/],
      [['--fields', 'secret', '--out', out], 1, /fields/],
      [['--spreadsheet', '--out', out], 1, /--format csv/],
      [['--format', 'pdf', '--out', out], 2, /ndjson, csv, xml/],
      [['--out', join(out, 'below')], 1, /ENOTDIR/],
    ]
    for (const [more, status, says] of refused) {
      const ended = await concord.run([...args, ...more])
      t.equal(ended.status, status, more.join(' '))
      t.match(ended.stderr, says, more.join(' '))
    }
    t.equal(readFileSync(out, 'utf8'), 'as it was', 'what was there stays')
    t.same(readdirSync(join(out, '..')), ['things.csv'], 'and nothing is left beside it')

    t.match((await concord.run(['export', '--help'])).stdout, /Example:\n {2}\$ concord export /)
    await t.test('its entries', async t => {
      const hub = await openTestHub(t, directory)
      const entries = (await hub.log.entries({ from: 0, limit: 1000 })).map(({ entry }) => JSON.parse(entry) as Entry)
      const [entry] = entries.filter(({ operation }) => operation === 'export')
      t.match(entry, { actor: { kind: 'operator' }, department: 'archives', matter: 'm', case: '2026-17', count: 2 })
    })
  },
)
