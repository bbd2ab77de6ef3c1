/** `concord quarantine replay`: rejected source records through the newest version of their adapter once more. */
import type { Command } from 'commander'
import { selectionsOf, type Asked } from '../exchange/quarantine.ts'
import { replay as replayRejects, tryReplay, type Tried } from '../exchange/replay.ts'
import type { Language, Receipt } from '../record.ts'
import { command } from './command.ts'
import { languageOption } from './deliver.ts'
import { aligned, show } from './output.ts'
import { receiptText } from './receipt.ts'
import { withHub } from './run.ts'

type Options = { adapter?: string; delivery?: string; dryRun?: boolean; language: Language; json?: boolean }

type Replayed = Receipt & { readonly adapter: string }

export function replay(rejects: Command): void {
  const summary =
    'Try open rejects again through the newest version of their adapter; those that are valid now are released'
  command(rejects, 'replay', summary, 'quarantine replay --adapter food-standards-agency/premises --dry-run')
    .argument('[id...]', 'as `quarantine list` shows them')
    .option('--adapter <department/name>', 'all of this adapter')
    .option('--delivery <id>', 'all that this delivery has met last')
    .option('--dry-run', 'say what would become of each, and change nothing; that they were read is entered in the log')
    .addOption(languageOption())
    .action(async (ids: string[], options: Options, self: Command) => {
      const asked = askedBy(ids, options)
      if (asked === undefined) return self.error('error: name rejects by their ids, or by --adapter, or by --delivery')
      if (options.dryRun === true) {
        const tried = await tryAll(asked, options)
        show(options.json, { rejects: tried }, () => triedText(tried))
      } else {
        const replayed = await replayAll(asked, options)
        show(options.json, { replays: replayed }, () => replayed.map(replayedText).join('\n\n'))
      }
    })
}

async function tryAll(asked: Asked, { language }: Options): Promise<Tried[]> {
  return withHub(async (hub, by) => {
    const tried: Tried[] = []
    for (const selection of await selectionsOf(hub, asked)) {
      tried.push(...(await tryReplay(hub, { selection, by, language })))
    }
    return tried
  })
}

async function replayAll(asked: Asked, { language }: Options): Promise<Replayed[]> {
  return withHub(async (hub, by) => {
    const replayed: Replayed[] = []
    for (const selection of await selectionsOf(hub, asked)) {
      const receipt = await replayRejects(hub, { selection, by, language })
      replayed.push({ adapter: selection.adapter, ...receipt })
    }
    return replayed
  })
}

/** Exactly one of them says which rejects. */
function askedBy(
  ids: readonly string[],
  { adapter, delivery }: Pick<Options, 'adapter' | 'delivery'>,
): Asked | undefined {
  const [first, ...more] = ids
  const ways: Asked[] = []
  if (adapter !== undefined) ways.push({ adapter })
  if (delivery !== undefined) ways.push({ delivery })
  if (first !== undefined) ways.push({ ids: [first, ...more] })
  return ways.length === 1 ? ways[0] : undefined
}

function triedText(tried: readonly Tried[]): string {
  if (tried.length === 0) return 'No reject of these is open.'
  const rows = tried.flatMap(({ id, fate, issues }) => [
    [id, fate, ''],
    ...issues.map(({ pointer, message }) => ['', pointer || '(the record)', message]),
  ])
  return `${aligned(rows)}\nNothing is changed; without --dry-run it is done.`
}

function replayedText({ adapter, ...receipt }: Replayed): string {
  const still =
    receipt.rejected > 0 ? `\nStill rejected: concord quarantine list --adapter ${adapter} --state open` : ''
  return `${receiptText(receipt)}${still}`
}
