import type { Command } from 'commander'
import t from 'tap'
import { beginning, end, listOf, numberFrom } from '../../src/cli/command.ts'
import { newProgram } from '../../src/cli/program.ts'

const program = await newProgram(() => {})

/** A command and all below it, with their names as they are typed. */
function all(command: Command, name = ''): { name: string; command: Command }[] {
  const own = `${name} ${command.name()}`.trim()
  return [{ name: own, command }, ...command.commands.flatMap(below => all(below, own))]
}

const commands = all(program).slice(1)

t.test('there are the commands that the design names', async t => {
  const names = commands.map(({ name }) => name.replace('concord ', ''))
  for (const name of ['serve', 'migrate', 'publish', 'check', 'preview', 'deliver', 'types', 'log verify']) {
    t.ok(names.includes(name), name)
  }
})

t.test('every command says what it is for, gives an example that begins as it is called, and takes --json', async t => {
  for (const { name, command } of commands) {
    let help = ''
    command.configureOutput({ writeOut: text => (help += text) }).outputHelp()
    t.match(help, new RegExp(`^Usage: ${name} `), name)
    t.ok(command.description().length > 0, `${name} is described`)
    const example = /Example:\n {2}\$ (.*)/.exec(help)?.[1] ?? ''
    t.ok(example.startsWith(name), `${name}: ${example}`)
    if (command.commands.length === 0) t.match(help, '--json', `${name} takes --json`)
  }
})

t.test('help marks the options that a command cannot go without', async t => {
  for (const { name, command } of commands) {
    const help = command.helpInformation().replaceAll(/\s+/g, ' ')
    const required = command.options.filter(option => option.mandatory)
    t.equal(help.split('(required)').length - 1, required.length, name)
  }
  t.ok(commands.some(({ command }) => command.options.some(option => option.mandatory)))
})

t.test('the help of serve names every variable of the environment', async t => {
  let help = ''
  const serve = program.commands.find(command => command.name() === 'serve') as Command
  serve.configureOutput({ writeOut: text => (help += text) }).outputHelp()
  for (const name of ['CONCORD_PORT', 'CONCORD_DATA_DIR', 'CONCORD_TRUSTED_PROXIES', 'CONCORD_MASTER_KEY_FILE']) {
    t.match(help, name)
  }
  t.match(help, /CONCORD_PORT +8080 /, 'with its default')
})

t.test('a day stands for its beginning or its end, UTC; an instant for itself', async t => {
  t.equal(beginning('2026-12-31').toISOString(), '2026-12-31T00:00:00.000Z')
  t.equal(end('2026-12-31').toISOString(), '2027-01-01T00:00:00.000Z')
  for (const read of [beginning, end]) {
    t.equal(read('2026-12-31T18:00:00+08:00').toISOString(), '2026-12-31T10:00:00.000Z')
    for (const wrong of ['2027-02-29', '2026-13-01', '31.12.2026', '2026-12-31T18:00:00', 'tomorrow', '']) {
      t.throws(() => read(wrong), { code: 'commander.invalidArgument' }, wrong)
    }
  }
})

t.test('lists and numbers are read strictly', async t => {
  t.same(listOf(['read', 'list'])('read, list'), ['read', 'list'])
  t.same(listOf()('a,b,'), ['a', 'b'])
  t.throws(() => listOf(['read', 'list'])('read,write'), /not write/)
  t.throws(() => listOf()(' , '), /at least one/)
  t.equal(numberFrom(0)('0'), 0)
  for (const wrong of ['0', '-1', '1.5', 'x', '']) t.throws(() => numberFrom(1)(wrong), /whole number/, wrong)
})
