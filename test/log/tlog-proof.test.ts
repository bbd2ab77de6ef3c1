import { createHash } from 'node:crypto'
import t from 'tap'
import { encodeAddCheckpoint, isAddCheckpoint, parseAddCheckpoint } from '../../src/log/add-checkpoint.ts'
import { encodeEntryProof, isEntryProof, parseEntryProof } from '../../src/log/tlog-proof.ts'

const hash = (text: string) => createHash('sha256').update(text).digest()
const [one, two] = [hash('hash1'), hash('hash2')]
const [line1, line2] = [one.toString('base64'), two.toString('base64')]

t.test('the proof of an entry is written as C2SP tlog-proof says, and read back', async t => {
  const proofs: [string, Parameters<typeof encodeEntryProof>[0]][] = [
    [
      `c2sp.org/tlog-proof@v1\nindex 5\n${line1}\n${line2}\n\ntest checkpoint\n`,
      { index: 5, proof: [one, two], checkpoint: 'test checkpoint\n' },
    ],
    [
      `c2sp.org/tlog-proof@v1\nextra ZXh0cmEgaW5mb3JtYXRpb24=\nindex 10\n${line1}\n\ncheckpoint data\n`,
      { index: 10, entry: 'extra information', proof: [one], checkpoint: 'checkpoint data\n' },
    ],
    ['c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n', { index: 0, proof: [], checkpoint: 'checkpoint\n' }],
  ]
  for (const [text, proof] of proofs) {
    t.equal(encodeEntryProof(proof), text)
    t.strictSame(parseEntryProof(text), proof)
    t.ok(isEntryProof(text))
  }
})

t.test('a proof that is malformed is refused', async t => {
  const head = 'c2sp.org/tlog-proof@v1\n'
  for (const text of [
    ...['', 'wrong\nindex 0\n\nc\n', `${head}\n\nc\n`, `${head}index x\n\nc\n`, `${head}index -5\n\nc\n`],
    ...[`${head}index 05\n\nc\n`, `${head}extra !!\nindex 0\n\nc\n`, `${head}index 0\n!!\n\nc\n`],
    ...[`${head}index 0\n${hash('').toString('base64').slice(4)}\n\nc\n`, `${head}index 99999999999999999\n\nc\n`],
    `${head}index 0\n${line1}${line2}\n\nc\n`,
  ]) {
    t.throws(() => parseEntryProof(text), { code: 'log-invalid' }, JSON.stringify(text))
  }
})

// The example of C2SP tlog-witness.
const example = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`

t.test('what a witness is sent is read as C2SP tlog-witness says, and written back', async t => {
  const request = parseAddCheckpoint(example)
  t.match(request, { old: 20852014, checkpoint: /^example\.com\/behind-the-sofa\n20852163\n/ })
  t.equal(request.proof.length, 4)
  t.equal(encodeAddCheckpoint(request), example)
  t.ok(isAddCheckpoint(example))
  t.equal(encodeAddCheckpoint({ old: 0, proof: [], checkpoint: 'c\n' }), 'old 0\n\nc\n')
})

t.test('a malformed request is refused', async t => {
  for (const text of [
    ...['', 'old\n\nc\n', 'old 01\n\nc\n', 'old -1\n\nc\n', 'old 1', 'old 1\n\n', 'new 1\n\nc\n', 'old 1 \n\nc\n'],
    ...['old 1\nnot base64\n\nc\n', `old 1\n${`${line1}\n`.repeat(64)}\nc\n`],
  ]) {
    t.throws(() => parseAddCheckpoint(text), { code: 'log-invalid' }, JSON.stringify(text.slice(0, 40)))
  }
  t.equal(parseAddCheckpoint(`old 1\n${`${line1}\n`.repeat(63)}\nc\n`).proof.length, 63)
})
