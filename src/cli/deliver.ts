/** `concord deliver`: a file, or standard input, through an adapter; prints the receipt. */
import { Option, type Command } from 'commander'
import { readLanguage } from '../config.ts'
import { deliver as deliverInput } from '../exchange/deliver.ts'
import type { Language, Receipt } from '../record.ts'
import { readDelivery } from '../store/deliveries.ts'
import { command } from './command.ts'
import { counting, openInput } from './input.ts'
import { show } from './output.ts'
import { progressOf } from './progress.ts'
import { receiptText } from './receipt.ts'
import { withHub } from './run.ts'

type Options = { language: Language; json?: boolean }

export function deliver(program: Command): void {
  const example = 'deliver food-standards-agency/premises FHRS529en-GB.xml'
  command(program, 'deliver', 'Deliver a file through an adapter and print the receipt', example)
    .argument('<adapter>', 'department/name')
    .argument('<file>', 'XML, JSON, NDJSON or CSV, as the adapter says; - is standard input')
    .addOption(languageOption())
    .action(async (adapter: string, file: string, options: Options) => {
      const { json, language } = options
      const { receipt, passedOver } = await deliverFile(adapter, file, language)
      show(json, receipt, () => receiptText(receipt))
      if (passedOver > 0 && json !== true) process.stdout.write(`Passed over, as the adapter says: ${passedOver}\n`)
      if (receipt.rejected > 0 && json !== true) {
        process.stdout.write(`Why they were rejected: concord quarantine list --delivery ${receipt.delivery}\n`)
      }
    })
}

export function languageOption(): Option {
  return new Option('--language <language>', 'of the reasons for rejects')
    .choices(['en', 'zh-CN'] satisfies Language[])
    .default(readLanguage(), 'that of LANG')
}

async function deliverFile(
  adapter: string,
  file: string,
  language: Language,
): Promise<{ receipt: Receipt; passedOver: number }> {
  return withHub(async (hub, by) => {
    await hub.published.adapter(adapter)
    const { body, totalBytes } = await openInput(file)
    const progress = progressOf(totalBytes)
    try {
      const receipt = await deliverInput(hub, {
        adapter,
        body: counting(body, bytes => progress.advance(bytes)),
        by,
        language,
        onProgress: receipt => progress.count(receipt),
      })
      const row = await readDelivery(hub.store.read, receipt.delivery)
      return { receipt, passedOver: row?.passedOver ?? 0 }
    } finally {
      progress.stop()
      body.destroy()
    }
  })
}
