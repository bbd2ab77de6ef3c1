/**
 * `concord witness`: a process that watches logs grow and cosigns what is consistent with all it saw before. It knows
 * no hub and reads no environment: whoever runs it should not be who runs the log.
 */
import closeWithGrace from 'close-with-grace'
import type { Command } from 'commander'
import { isIP } from 'node:net'
import { HubError } from '../errors.ts'
import { encodeVerifierKey, type NoteKey } from '../log/note.ts'
import { defaultName, openWitnessKey, WitnessMemory } from '../log/witness-memory.ts'
import { command, group, numberFrom } from './command.ts'
import { show } from './output.ts'
import { keysOf } from './verifier-keys.ts'

type Options = { state: string; log: NoteKey[]; name?: string; host: string; port: number; json?: boolean }

export function witness(program: Command): void {
  const example = 'witness --state ./witness --log log.vkey --name witness.example/w1'
  const witnesses = group(program, 'witness', 'Watch logs as an independent witness (C2SP tlog-witness)', example)

  addKeyOptions(
    command(
      witnesses,
      'serve',
      'Cosign the checkpoints of logs, never a fork, never a rollback',
      `witness serve ${example.slice(8)}`,
      {
        isDefault: true,
      },
    ),
  )
    .option(
      '--log <key>',
      'verifier key of a log, or the file that holds it; again for another',
      keysOf('signature'),
      [],
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port; 0 takes a free one', numberFrom(0), 8090)
    .action(async (options: Options, self: Command) => {
      if (options.log.length === 0)
        self.error('error: name the logs to watch with --log: what `concord log key` prints')
      const { address, key } = await serve(options)
      show(options.json, { address, key }, () => `The witness ${key} is at ${address}.`)
    })

  addKeyOptions(
    command(witnesses, 'key', 'Print the key by which anybody verifies cosignatures', 'witness key --state ./witness'),
  ).action(({ state, name, json }: Pick<Options, 'state' | 'name' | 'json'>) => {
    const key = encodeVerifierKey(openWitnessKey(state, name))
    show(json, { key }, () => key)
  })
}

function addKeyOptions(to: Command): Command {
  return to
    .requiredOption('--state <folder>', 'folder of its key and its memory, made where it is not there')
    .option(
      '--name <name>',
      `what it is called, such as witness.example/w1; for good from the first time on, when it is ${defaultName} if left out`,
    )
}

async function serve({ state, name, log, host, port }: Options): Promise<{ address: string; key: string }> {
  const key = openWitnessKey(state, name)
  const memory = WitnessMemory.open(state, key, log)
  // As `concord serve` does: other commands should not load a server.
  const { buildWitness } = await import('../web/witness.ts')
  const app = buildWitness(memory, Date.now, line => process.stderr.write(`${line}\n`))
  try {
    const address = await app.listen({ host, port })
    closeWithGrace(async () => {
      await app.close()
      memory.close()
    })
    return { address, key: encodeVerifierKey(key) }
  } catch (cause) {
    memory.close()
    const { code } = cause as NodeJS.ErrnoException
    const detail = `the witness cannot listen at ${isIP(host) === 6 ? `[${host}]` : host}, port ${port} (${code}). Set --host and --port.`
    throw new HubError('configuration-invalid', detail, { cause })
  }
}
