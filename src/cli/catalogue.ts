/** `concord catalogue`: the whole catalogue as DCAT, for portals that take a file. */
import type { Command } from 'commander'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { wholeCatalogue } from '../exchange/dcat.ts'
import { servedStandards } from '../exchange/served-majors.ts'
import { openAside } from './aside.ts'
import { command } from './command.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'

export function catalogue(program: Command): void {
  const summary = 'Write out the catalogue as DCAT 3 (JSON-LD): what GET /v1/catalogue gives in pages'
  command(program, 'catalogue', summary, 'catalogue --out catalogue.jsonld')
    .option('--out <file>', 'the file to write, in place only once it is whole; standard output where it is left out')
    .addHelpText('after', '\nIts identifiers begin with CONCORD_PUBLIC_URL.')
    .action(async ({ out, json }: { out?: string; json?: boolean }) => {
      const standards = await withHub(async hub => {
        const chunks = Readable.from(wholeCatalogue(hub))
        const file = out === undefined ? undefined : await openAside(out)
        try {
          await (file === undefined ? pipeline(chunks, process.stdout, { end: false }) : pipeline(chunks, file.stream))
          file?.putInPlace()
        } finally {
          file?.leave()
        }
        return servedStandards((await hub.published.configuration()).index).size
      })
      if (out === undefined) return
      show(json, { file: out, standards }, () => `Wrote ${standards} standards to ${out}.`)
    })
}
