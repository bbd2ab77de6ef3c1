import t from 'tap'
import type { Resolve, Want } from '../../src/map/adapter.ts'
import type { Json } from '../../src/record.ts'
import { adapterWith, checkCases, sourceOf } from './fixture.ts'

const unit = { standard: 'unit', major: 1, matter: '331199-test' }
const key = [{ from: 'no', via: ['trim'] }, { value: 'main' }]

const known: { [key: string]: { [field: string]: Json } } = {
  '7~1main': { name: 'Seven', since: '2024-01-01', staff: 3, 'address.city': 'Sampleton' },
  'a~0b~1main': { name: 'Tilde', since: null },
}
const resolve: Resolve = ({ key, field }) => known[key]?.[field]

t.test("a field of another standard's record is found by its key", async t => {
  checkCases(
    t,
    {
      name: [
        [{ resolve: { ...unit, key, field: 'name' } }, { no: ' 7 ' }, 'Seven'],
        [{ resolve: { ...unit, key, field: 'name' } }, { no: 'a~b' }, 'Tilde'],
        [{ resolve: { ...unit, key, field: 'address.city' } }, { no: '7' }, 'Sampleton'],
        [{ resolve: { ...unit, key, field: 'name' } }, {}, undefined],
        [{ resolve: { ...unit, key, field: 'name' }, default: 'none' }, {}, 'none'],
        [{ resolve: { ...unit, key, field: 'name' }, default: 'none' }, { no: '8' }, ['/name no resolve-missed']],
        [{ resolve: { ...unit, key, field: 'address.city' } }, { no: 'a~b' }, ['/name no resolve-missed']],
        [{ resolve: { ...unit, key, field: 'name' } }, { no: ['7', '8'] }, ['/name no source-several']],
        [{ resolve: { ...unit, key, field: 'name' }, when: { path: 'k', is: '1' } }, { no: '8' }, undefined],
        [{ firstOf: [{ from: 'n' }, { resolve: { ...unit, key, field: 'name' } }] }, { no: '7' }, 'Seven'],
      ],
      since: [[{ resolve: { ...unit, key, field: 'since' } }, { no: 'a~b' }, null]],
      weight: [[{ resolve: { ...unit, key, field: 'staff' } }, { no: '7' }, 3]],
      parts: [
        [
          { each: 'p', fields: { name: { resolve: { ...unit, key, field: 'name' } } } },
          { p: [{ no: '7' }, { no: '8' }] },
          ['/parts/1/name p/no resolve-missed'],
        ],
      ],
    },
    resolve,
  )
})

t.test('without other standards at hand the issue says so', async t => {
  checkCases(t, {
    name: [[{ resolve: { ...unit, key, field: 'name' } }, { no: '7' }, ['/name no resolve-unavailable']]],
  })
})

t.test('all that a record wants is asked for at once, though nothing is found', async t => {
  const adapter = adapterWith({
    id: { resolve: { ...unit, key, field: 'name' } },
    name: { digestOf: [{ resolve: { ...unit, key: [{ from: 'a' }, { value: '1' }], field: 'name' } }, { from: 'x' }] },
    tags: {
      listOf: [2, 3].map(n => ({ resolve: { ...unit, key: [{ from: 'a' }, { value: `${n}` }], field: 'name' } })),
    },
    parts: { each: 'p', fields: { name: { resolve: { ...unit, key, field: 'address.city' } } } },
  })
  const wants: Want[] = []
  const source = sourceOf({ no: '7', place: 'p', a: '1', p: [{ no: '8' }, { no: '9' }] })
  const recorded = adapter.convert(source, 'en', want => void wants.push(want))
  t.same(
    wants.map(({ key, field }) => `${key} ${field}`),
    ['7~1main name', '1~11 name', '1~12 name', '1~13 name', '8~1main address.city', '9~1main address.city'],
  )
  t.match(wants[0], { ...unit, key: '7~1main', field: 'name' })
  t.equal(recorded.issues.length, 6)
  const found = adapter.convert(source, 'en', () => 'found')
  t.same(found.issues, [])
  t.equal(found.key, 'found~1p')
  t.match(found.record, { tags: ['found', 'found'], parts: [{ name: 'found' }, { name: 'found' }] })
  t.same(adapter.resolves.length, 5)
  t.match(adapter.resolves[0], { ...unit, field: 'name' })
})
