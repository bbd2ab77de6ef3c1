/** Which commands there are. */
import { Command } from 'commander'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { home } from '../exchange/documents.ts'
import { adapter } from './adapter.ts'
import { agreement } from './agreement.ts'
import { check } from './check.ts'
import { client } from './client.ts'
import { codes } from './codes.ts'
import { credential } from './credential.ts'
import { deliver } from './deliver.ts'
import { delivery } from './delivery.ts'
import { department } from './department.ts'
import { keys } from './keys.ts'
import { exportStandard } from './export.ts'
import { log } from './log.ts'
import { migrate } from './migrate.ts'
import { preview } from './preview.ts'
import { publish } from './publish.ts'
import { pull } from './pull.ts'
import { quarantine } from './quarantine.ts'
import { serve } from './serve.ts'
import { types } from './types.ts'
import { usage } from './usage.ts'
import { witness } from './witness.ts'
import { user } from './user.ts'

/** Throws where commander itself would end the process. @param writeErr takes what commander has to say of a wrong usage */
export function newProgram(writeErr: (text: string) => void): Command {
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }
  const program = new Command('concord')
    .description('An inter-department data-sharing exchange hub.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeErr })
    .showHelpAfterError('See `concord --help`.')
    .addHelpText(
      'after',
      '\nExample:\n  $ CONCORD_SAMPLES=1 concord serve\n\nThe environment (CONCORD_…): `concord serve --help`.',
    )
  for (const add of [serve, migrate, publish, adapter, check, preview, deliver, delivery, pull, quarantine])
    add(program)
  for (const add of [
    department,
    client,
    user,
    agreement,
    credential,
    keys,
    types,
    codes,
    exportStandard,
    log,
    usage,
    witness,
  ])
    add(program)
  return program
}
