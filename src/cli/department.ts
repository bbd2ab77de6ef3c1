/** `concord department`: the organisations that provide and consume records. */
import { InvalidArgumentError, type Command } from 'commander'
import { addDepartment, listDepartments } from '../exchange/departments.ts'
import { uscc } from '../identifiers/uscc.ts'
import { command, group } from './command.ts'
import { show, table } from './output.ts'
import { withHub, withNewHub } from './run.ts'

export function department(program: Command): void {
  const departments = group(program, 'department', 'List and add departments', 'department list')

  command(departments, 'list', 'List the departments', 'department list').action(
    async (options: { json?: boolean }) => {
      const list = await withHub(listDepartments)
      show(options.json, { departments: list }, () => {
        const rows = list.map(({ id, titles, unifiedSocialCreditCode = '' }) => [
          id,
          unifiedSocialCreditCode,
          titles['zh-CN'],
          titles.en,
        ])
        const none = 'There are no departments yet; `concord publish` brings those of the starter catalogue.'
        return table(['id', 'credit code', '名称', 'title'], rows, none)
      })
    },
  )

  command(
    departments,
    'add',
    'Add a department',
    'department add archives --zh 示例县档案局 --en "Archives of Sample County"',
  )
    .argument('<id>', 'lower-case letters, digits and hyphens')
    .requiredOption('--zh <title>', 'title in Chinese')
    .requiredOption('--en <title>', 'title in English')
    .option('--code <code>', 'unified social credit code (GB 32100)', creditCode)
    .action(async (id: string, options: { zh: string; en: string; code?: string; json?: boolean }) => {
      const added = {
        id,
        titles: { 'zh-CN': options.zh, en: options.en },
        ...(options.code === undefined ? {} : { unifiedSocialCreditCode: options.code }),
      }
      await withNewHub((hub, by) => addDepartment(hub, by, added))
      show(options.json, added, () => `Added the department ${id}.`)
    })
}

function creditCode(text: string): string {
  const code = uscc.normalise(text)
  const fault = uscc.check(code)
  if (fault !== undefined) throw new InvalidArgumentError(`This is no unified social credit code (${fault}).`)
  return code
}
