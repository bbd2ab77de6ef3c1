import t from 'tap'
import { withoutConsequences } from '../../src/map/issues.ts'

const issue = (pointer: string, code: string) => ({ pointer, code, message: '' })

t.test(
  'what validation finds at or around a field that could not be converted is dropped, all else is kept',
  async t => {
    const conversion = [
      issue('/price/currency', 'code-unmapped'),
      issue('/tags/1', 'source-several'),
      issue('', 'not-a-date'),
    ]
    const validation = [
      issue('/price/currency', 'required'),
      issue('/price', 'no-alternative'),
      issue('/price/amount', 'format'),
      issue('/prices', 'required'),
      issue('/tags', 'too-few'),
      issue('/tags/10', 'format'),
      issue('', 'required-one-of'),
    ]
    t.same(
      withoutConsequences(conversion, validation).map(({ pointer, code }) => `${pointer} ${code}`),
      [
        '/price/currency code-unmapped',
        '/tags/1 source-several',
        ' not-a-date',
        '/price/amount format',
        '/prices required',
        '/tags/10 format',
      ],
    )
    t.same(withoutConsequences([], validation), validation)
  },
)
