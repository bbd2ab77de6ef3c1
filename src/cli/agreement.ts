/** `concord agreement`: which department may use which fields of a standard, for which matters, and who decided so. */
import { Option, type Command } from 'commander'
import {
  approveAgreement,
  rejectAgreement,
  resumeAgreement,
  revokeAgreement,
  suspendAgreement,
} from '../exchange/agreement-acts.ts'
import { createAgreement, requestAgreement } from '../exchange/agreements.ts'
import { listAgreements, showAgreement, states, viewOf, type ShownState } from '../exchange/find-agreement.ts'
import { explain } from './agreement-explain.ts'
import { termsOf, withTerms, type TermOptions } from './agreement-terms.ts'
import { agreementText, listText, standingText } from './agreement-text.ts'
import { command, group } from './command.ts'
import { show } from './output.ts'
import { withHub } from './run.ts'

export function agreement(program: Command): void {
  const agreements = group(program, 'agreement', 'Rights of departments to use standards', 'agreement list')
  asking(agreements)
  deciding(agreements)
  reading(agreements)
  explain(agreements)
}

const terms =
  '--department housing --standard enterprise-registration --fields unifiedSocialCreditCode,name --operations read,list --matters 331199-construction-permit --until 2027-12-31'

function asking(agreements: Command): void {
  const request = 'Ask for an agreement on behalf of a department; the owner of the standard decides'
  withTerms(command(agreements, 'request', request, `agreement request ${terms} --legal-basis "…"`))
    .requiredOption('--legal-basis <text>', 'why the department may have the records: a law and its article')
    .action(async ({ json, ...options }: TermOptions) => {
      const made = await withHub(async (hub, by) => viewOf(hub, await requestAgreement(hub, by, termsOf(options))))
      show(json, made, () => standingText(made))
    })

  const create = 'Record an agreement that was decided elsewhere; it holds at once, or from --from on'
  withTerms(command(agreements, 'create', create, `agreement create ${terms}`))
    .option('--legal-basis <text>', 'why the department may have the records: a law and its article')
    .action(async ({ json, ...options }: TermOptions) => {
      const made = await withHub(async (hub, by) => viewOf(hub, await createAgreement(hub, by, termsOf(options))))
      show(json, made, () => `Made the agreement ${made.id}; it ends at ${made.until}.`)
    })
}

type Reasoned = { reason?: string; json?: boolean }

function deciding(agreements: Command): void {
  const again = 'Approve an agreement as it was asked for, or again after a level of its fields was raised'
  command(agreements, 'approve', again, 'agreement approve 0f8c2d1e-… --replaces 5b1d77a0-…')
    .argument('<id>', 'as `agreement list` shows it')
    .option('--replaces <id>', 'the agreement that this one takes the place of: it ends with the same act')
    .action(async (id: string, { json, replaces }: Reasoned & { replaces?: string }) => {
      const done = await withHub(async (hub, by) => viewOf(hub, await approveAgreement(hub, by, id, { replaces })))
      show(json, done, () => standingText(done))
    })

  for (const [name, act, summary] of [
    ['reject', rejectAgreement, 'Reject what was asked for'],
    ['suspend', suspendAgreement, 'Keep an agreement from allowing calls until it is resumed'],
  ] as const) {
    command(agreements, name, summary, `agreement ${name} 0f8c2d1e-… --reason "the matter is not yours"`)
      .argument('<id>', 'as `agreement list` shows it')
      .requiredOption('--reason <text>', 'why, for those whom it concerns; it stands in no log')
      .action(async (id: string, { json, reason }: Reasoned & { reason: string }) => {
        const done = await withHub(async (hub, by) => viewOf(hub, await act(hub, by, id, reason)))
        show(json, done, () => standingText(done))
      })
  }

  command(agreements, 'resume', 'Let a suspended agreement allow calls again', 'agreement resume 0f8c2d1e-…')
    .argument('<id>', 'as `agreement list` shows it')
    .action(async (id: string, { json }: Reasoned) => {
      const done = await withHub(async (hub, by) => viewOf(hub, await resumeAgreement(hub, by, id)))
      show(json, done, () => standingText(done))
    })

  command(agreements, 'revoke', 'End an agreement for good, within a second', 'agreement revoke 0f8c2d1e-…')
    .argument('<id>', 'as `agreement list` shows it')
    .option('--reason <text>', 'why, for those whom it concerns; it stands in no log')
    .action(async (id: string, { json, reason }: Reasoned) => {
      const done = await withHub(async (hub, by) => viewOf(hub, await revokeAgreement(hub, by, id, reason)))
      show(json, done, () => standingText(done))
    })
}

type Filter = { standard?: string; department?: string; state?: ShownState; json?: boolean }

function reading(agreements: Command): void {
  command(agreements, 'list', 'List the agreements', 'agreement list --state requested')
    .option('--standard <id>', 'on this standard only')
    .option('--department <id>', 'of this consuming department only')
    .addOption(new Option('--state <state>', 'what they are at this moment').choices(states))
    .action(async ({ json, ...filter }: Filter) => {
      const list = await withHub((hub, by) => listAgreements(hub, by, { ...filter, reach: {} }))
      show(json, { agreements: list }, () => listText(list))
    })

  const shown = 'Show an agreement: its terms, what it is at this moment, and what was done about it'
  command(agreements, 'show', shown, 'agreement show 0f8c2d1e-…')
    .argument('<id>', 'as `agreement list` shows it')
    .action(async (id: string, { json }: { json?: boolean }) => {
      const found = await withHub((hub, by) => showAgreement(hub, by, { id, reach: {} }))
      show(json, found, () => agreementText(found))
    })
}
