import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import fc from '../properties.ts'
import t from 'tap'
import type { Fault, Identifier } from '../../src/identifiers/identifier.ts'
import { identifierOf, identifiers } from '../../src/identifiers/identifiers.ts'
import { upgradeResidentId } from '../../src/identifiers/resident-id.ts'

const licence = '1.2.156.3005.2.11100000000013338W005.11331199000000174L.331199202401010101.001.'

const examples: Record<string, { valid: string[]; invalid: Record<string, Fault> }> = {
  uscc: {
    valid: ['91331199MAXT000111', '92331199MAXT0002XM', '12331199MBXT00031A'],
    invalid: {
      '91331199MAXT000112': 'check-digit',
      '91331199MAXT000124': 'inner-check-digit',
      '91331199OAXT000111': 'form',
      '91331199maxt000111': 'form',
      '91331199MAXT00011': 'form',
      '': 'form',
      '91331199********11': 'masked',
    },
  },
  'organisation-code': {
    valid: ['MAXT0001-1', 'MAXT00011', 'A1B2C3D48', '00000017-4'],
    invalid: { 'MAXT0001-2': 'check-digit', 'MAXT0002-0': 'check-digit', MAXT0001: 'form', 'MAXT****1': 'masked' },
  },
  'resident-id': {
    valid: ['331199190101010019', '331199190402291029', '33119919010305009X'],
    invalid: {
      '331199190101010018': 'check-digit',
      '331199190002290027': 'date',
      '331199190213010013': 'date',
      '331199190101000013': 'date',
      '33119919010305009x': 'form',
      '331199010101001': 'form',
      '331199****': 'masked',
      '331199＊＊＊＊': 'masked',
      '331199XXXXXXXX0019': 'masked',
    },
  },
  'resident-id-15': {
    valid: ['331199010101001', '331199040229102'],
    invalid: {
      '331199010229001': 'date',
      '33119901010100': 'form',
      '33119901010100X': 'form',
      '331199*********': 'masked',
    },
  },
  'business-registration': {
    valid: ['331199000000015', '331199000000023', '331199600000032'],
    invalid: { '331199000000016': 'check-digit', '33119900000001': 'form', '3311990000*****': 'masked' },
  },
  'investment-project-code': {
    valid: [
      '2401-331199-04-01-000015',
      '2403-331199-07-02-000025',
      '2015-331199-47-03-00001',
      '2015-331199-47-03-000013',
    ],
    invalid: {
      '2401-331199-04-01-000016': 'check-digit',
      '2413-331199-04-01-000015': 'date',
      '2413-331199-04-01-00001': 'form',
      '24013311990401000015': 'form',
      '2401-331199-04-01-****15': 'masked',
    },
  },
  'real-estate-unit': {
    valid: ['331199001001GB00001F00010001', '331199001001GB00001W00000000', '331199001001JC00001F00010001'],
    invalid: {
      '331199001001GA00001F00010001': 'form',
      '331199001001GB00001W00000001': 'form',
      '331199001001GB00001F0001000': 'form',
      '331199001001GB00001F****0001': 'masked',
    },
  },
  'electronic-licence': {
    valid: [`${licence}H`],
    invalid: {
      [`${licence}G`]: 'check-digit',
      [licence]: 'form',
      [licence.replace('1.2.156', '1.2.840') + 'H']: 'form',
    },
  },
  'food-licence': {
    valid: ['JY13311990000016', 'JY23311990000027'],
    invalid: {
      JY13311990000017: 'check-digit',
      JY43311990000016: 'form',
      JY1331199000001: 'form',
      'JY1331199******6': 'masked',
    },
  },
  'construction-permit': {
    valid: ['331199202401010101', '331199202402290202'],
    invalid: { '331199202302290202': 'date', '33119920240101010': 'form', '3311992024****0101': 'masked' },
  },
  // The seventh digit of the first two is 7: the one holds with 28 counted as 1, the other with 28 counted as 0.
  'tw-business-number': {
    valid: ['10458574', '10458575', '10000009'],
    invalid: { '10458572': 'check-digit', '1045857': 'form', '1045****': 'masked' },
  },
}

t.test('every identifier stands once in the table, with examples here', async t => {
  t.same(identifiers.map(identifier => identifier.name).sort(), Object.keys(examples).sort())
})

for (const [name, { valid, invalid }] of Object.entries(examples)) {
  t.test(`${name}: a valid one passes, an invalid one is refused with its reason`, async t => {
    for (const text of valid) t.equal(check(name, text), undefined, text)
    for (const [text, fault] of Object.entries(invalid)) t.equal(check(name, text), fault, text)
  })
}

t.test('the canonical form is in capitals, half width, without what people write between the characters', async t => {
  const written = {
    uscc: ['９１３３１１９９ＭＡＸＴ０００１１１', '91331199MAXT000111'],
    'organisation-code': [' maxt0001－1 ', 'MAXT00011'],
    'resident-id': ['331199 19010305 009x', '33119919010305009X'],
    'investment-project-code': ['２４０１—331199–04-01-000015', '2401-331199-04-01-000015'],
    'real-estate-unit': ['331199 001001 GB00001 F00010001', '331199001001GB00001F00010001'],
    'electronic-licence': [`\u3000${licence.toLowerCase()}h`, `${licence}H`],
  } as const
  for (const [name, [text, canonical]] of Object.entries(written)) t.equal(find(name).normalise(text), canonical, name)
})

t.test('normalising twice is normalising once, and keeps a valid identifier valid', async t => {
  const texts = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('－', 'ａ', '\u3000', '—', 'ß'))
  fc.assert(
    fc.property(fc.constantFrom(...identifiers), texts, ({ normalise }, text) => {
      assert.equal(normalise(normalise(text)), normalise(text))
    }),
  )
  for (const [name, { valid }] of Object.entries(examples)) {
    for (const text of valid) t.equal(check(name, find(name).normalise(` ${text.toLowerCase()} `)), undefined, text)
  }
})

t.test('changing any one character makes an identifier invalid, where its check guarantees that', async t => {
  // GB 11714 weighs letters modulo 11, so A and L are the same to it: only digits are guaranteed there.
  const changes: Record<string, string> = {
    uscc: '0123456789ABCDEFGHJKLMNPQRTUWXY',
    'organisation-code': '0123456789',
    'resident-id': '0123456789X',
    'business-registration': '0123456789',
    'electronic-licence': '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.',
    'food-licence': '0123456789JY',
  }
  for (const [name, characters] of Object.entries(changes)) {
    for (const text of examples[name]?.valid ?? []) {
      const survivors = oneCharacterOff(text, characters).filter(
        ([from, changed]) => characters.includes(from) && check(name, changed) === undefined,
      )
      t.same(survivors, [], text)
    }
  }
})

t.test('fifteen digits become the eighteen characters of the same person', async t => {
  t.equal(upgradeResidentId('331199010101001'), '331199190101010019')
  t.equal(upgradeResidentId('331199040229102'), '331199190402291029')
  t.equal(upgradeResidentId('331199010229001'), undefined)
  t.equal(upgradeResidentId('331199190101010019'), undefined)
})

const listed = new URL('../../../shared/data/listed-tw/', import.meta.url)
const absent = existsSync(listed) ? false : 'the folder of real data is absent'

t.test('the business numbers of the companies listed in Taiwan are valid', { skip: absent }, async t => {
  const feeds = [
    { file: 'twse_t187ap03_L.json', column: '營利事業統一編號' },
    { file: 'tpex_mopsfin_t187ap03_O.json', column: 'UnifiedBusinessNo.' },
  ]
  for (const { file, column } of feeds) {
    const rows = JSON.parse(readFileSync(new URL(file, listed), 'utf8')) as Record<string, string>[]
    const numbers = rows.map(row => row[column] ?? '').filter(number => /^\d{8}$/.test(number))
    t.ok(numbers.length > 800, `${numbers.length} numbers in ${file}`)
    const refused = numbers.filter(number => check('tw-business-number', number) !== undefined)
    t.same(refused, [])
  }
})

function find(name: string): Identifier {
  const identifier = identifierOf(name)
  assert(identifier, name)
  return identifier
}

function check(name: string, text: string): Fault | undefined {
  return find(name).check(text)
}

/** Every text that differs from this one in one character, with the character that stood there. */
function oneCharacterOff(text: string, characters: string): [from: string, changed: string][] {
  return [...text].flatMap((from, i) =>
    [...characters]
      .filter(to => to !== from)
      .map((to): [string, string] => [from, text.slice(0, i) + to + text.slice(i + 1)]),
  )
}
