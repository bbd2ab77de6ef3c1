/** The thing of `things.ts` in further majors, agreements on it, and the end of a major. */
import { createAgreement } from '../../src/exchange/agreements.ts'
import type { By, Hub } from '../../src/exchange/hub.ts'
import { deprecateMajor, tryDeprecation, type MajorView } from '../../src/exchange/majors.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import type { Agreement } from '../../src/agreement/agreement.ts'
import { documentWith } from '../standards.ts'
import { tester } from '../helper.ts'
import { text, thingAdapter, thingProperties } from './things.ts'

const names = Object.keys(thingProperties)

/** Major 2 takes a colour besides; its records become those of major 1 by leaving it out. */
export async function publishThing2(hub: Hub, version = '2.0.0'): Promise<void> {
  const document = documentWith({
    id: 'thing',
    version,
    key: ['id'],
    subjects: ['secret'],
    properties: { ...thingProperties, colour: text },
  })
  const $id = document.$id.replace('v1.json', 'v2.json')
  const conversion = { to: 1, fields: Object.fromEntries(names.map(name => [name, { from: name }])) }
  await publishStandard(hub, tester, { ...document, $id, conversion })
}

/** Takes the adapters of `things.ts` over to major 2, and with them all that deliver. */
export async function moveAdapters(hub: Hub): Promise<void> {
  for (const department of ['data-bureau', 'archives']) {
    for (const kind of ['plain', 'input', 'marked', 'list', 'marked-list'] as const) {
      const adapter = thingAdapter(department, kind, { standard: { id: 'thing', major: 2 } }) as { adapter: object }
      await publishAdapter(hub, tester, { ...adapter, adapter: { ...adapter.adapter, version: '2.0.0' } })
    }
  }
}

/** An agreement that is in force, of the archives. */
export function grantThing(
  hub: Hub,
  id: string,
  terms: { major?: number; matters?: string[]; until?: Date; dailyQuota?: number; fields?: string[] } = {},
): Promise<Agreement> {
  return createAgreement(hub, tester, {
    id,
    department: 'archives',
    standard: 'thing',
    major: 1,
    fields: ['id', 'name'],
    operations: ['read', 'changes', 'export', 'lookup'],
    matters: ['m'],
    from: new Date(0),
    until: new Date('2100-01-01'),
    ...terms,
  })
}

export const thing1 = { standard: 'thing', major: 1 } as const

/** Deprecates major 1 with what uses it now. */
export async function deprecateThing(hub: Hub, sunset = '2026-06-01', by: By = tester): Promise<MajorView> {
  const asked = { ...thing1, sunset: new Date(sunset), reason: 'Major 2 has colours.' }
  const { digest } = await tryDeprecation(hub, by, asked)
  return deprecateMajor(hub, by, { ...asked, uses: digest })
}
