import t from 'tap'
import { standardsNamedIn } from '../../src/map/named-standards.ts'

const key = { from: 'k' }

t.test('a document names its own standard, and those that it resolves fields of, however deep', async t => {
  const resolve = (standard: string): object => ({ resolve: { standard, major: 2, matter: 'm', key, field: 'f' } })
  const document = {
    standard: { id: 'own', major: 1 },
    fields: { a: resolve('one'), b: { each: 'l', fields: { c: { firstOf: [{ from: 'x' }, resolve('two')] } } } },
  }
  t.same(standardsNamedIn(document), {
    own: { id: 'own', major: 1 },
    resolved: [
      { id: 'one', major: 2 },
      { id: 'two', major: 2 },
    ],
  })
})

t.test('what is no reference is passed over, in a document of any shape and depth', async t => {
  const deep: unknown = Array.from({ length: 100_000 }).reduce(inner => ({ not: inner }), {
    resolve: { standard: 's', major: 1 },
  })
  for (const document of [null, 'text', [], { standard: 'own' }, { standard: { id: 1, major: '1' }, resolve: 'r' }]) {
    t.same(standardsNamedIn(document), { own: undefined, resolved: [] }, JSON.stringify(document))
  }
  t.same(standardsNamedIn(deep), { own: undefined, resolved: [{ id: 's', major: 1 }] })
})
