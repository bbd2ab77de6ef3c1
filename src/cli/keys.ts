/** `concord keys`: which keys there are, and a new master key in the place of the old. A key itself is never shown. */
import cliProgress from 'cli-progress'
import type { Command } from 'commander'
import { listKeys, type ListedKey } from '../exchange/list-keys.ts'
import { rotateKeys, type Rotated } from '../exchange/rotate-keys.ts'
import type { Rotation } from '../store/rotation.ts'
import { command, group } from './command.ts'
import { aligned, show, table } from './output.ts'
import { withHub } from './run.ts'

export function keys(program: Command): void {
  const commands = group(program, 'keys', 'Keys of the hub: list them, rotate the master key', 'keys list')

  command(
    commands,
    'list',
    'List the keys by their fingerprints, and how much each master key wraps',
    'keys list',
  ).action(async ({ json }: { json?: boolean }) => {
    const { keys: list, rotation } = await withHub(listKeys)
    show(json, { keys: list, rotation: rotation ?? null }, () => listText(list, rotation))
  })

  const rotate = 'Put a new master key in the place of the old, while the hub serves; run again, it goes on'
  command(commands, 'rotate', rotate, 'keys rotate')
    .option('--keep-old', 'leave the old key in the file: backups of the database from before need it')
    .action(async ({ json, keepOld }: { json?: boolean; keepOld?: boolean }) => {
      const bar = progressBar()
      try {
        const rotated = await withHub((hub, by) =>
          rotateKeys(hub, by, { keepsOld: keepOld ?? false, onProgress: bar.show }),
        )
        bar.stop()
        show(json, rotated, () => rotatedText(rotated))
      } finally {
        bar.stop()
      }
    })
}

function listText(list: readonly ListedKey[], rotation: Rotation | undefined): string {
  const rows = list.map(key => [key.name, key.fingerprint, key.state, key.wraps?.toString() ?? '', key.file])
  const text = table(['key', 'fingerprint', 'state', 'wraps', 'file'], rows, '')
  return rotation === undefined
    ? text
    : `${text}\n\nA rotation to ${rotation.newKey} is under way since ${rotation.touchedAt}; if it was stopped, \`concord keys rotate\` goes on with it.`
}

function rotatedText({ oldKey, newKey, rewrapped, oldKeyIs, file }: Rotated): string {
  const lines = aligned([
    ['new master key', newKey],
    ['old master key', oldKey],
    ['data keys rewrapped', String(rewrapped)],
    ['file', file],
  ])
  const advice: Record<Rotated['oldKeyIs'], string> = {
    dropped:
      'The old key is gone from the file. Back the file up; only backups of the database from before need the old key.',
    kept: 'The old key stays in the file, after the new one. Back the file up.',
    left: 'Nothing needs the old key any more, but the file cannot be written: take the lines after the first out of it.',
  }
  return `${lines}\n\n${advice[oldKeyIs]}`
}

function progressBar(): { show(done: number, total: number): void; stop(): void } {
  if (!process.stderr.isTTY) return { show() {}, stop() {} }
  const format = '{bar} {percentage}% | {value} of {total} data keys'
  const bar = new cliProgress.SingleBar({ format, stream: process.stderr, barsize: 30, hideCursor: true }, cliProgress.Presets.shades_classic) // prettier-ignore
  let isShown = false
  return {
    show(done, total) {
      if (isShown) bar.setTotal(total)
      else bar.start(total, done)
      isShown = true
      bar.update(done)
    },
    stop() {
      if (isShown) bar.stop()
      isShown = false
    },
  }
}
