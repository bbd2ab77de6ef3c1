/** Transforms from the many writings of days, months and times to ISO 8601 and RFC 3339. */
import type { Moment, Part, Reading } from './date-format.ts'
import { dateReader, formatProblem } from './date-format.ts'
import { clockIn, isTimezone, offsetsOf } from './timezone.ts'
import { Refusal, transform } from './transform.ts'

const skippedTime = new Refusal('time-skipped', {
  'zh-CN': '该时区不存在这一时刻（时钟拨快时跳过）',
  en: 'is a time that the clocks of the time zone skipped',
})

type Formats = { formats: string[]; century?: number } | undefined

export const dateTransforms = {
  date: transform<Formats>({
    does: 'Gives a day as YYYY-MM-DD. A time of day is dropped; a time with an offset is first brought to the time zone of the adapter, where it has one; a day that does not exist is refused.',
    parameters: formatsOf(['YYYY-MM-DD', 'YYYYMMDD', 'YYYY-MM-DD HH:mm:ss.S', 'YYYY年M月D日', 'YYYMMDD']),
    gives: { type: 'text', format: 'date' },
    problem: parameters => firstProblem(parameters, ['year', 'month', 'day']),
    compile: ({ formats, century } = { formats: ['YYYY-MM-DD'] }, { timezone }) => {
      // The day of an instant depends on where one stands.
      const read = dateReader(formats, { century, ...clocks(timezone) })
      const refusal = notWritten('not-a-date', formats)
      return text => {
        const moment = read(text.trim())
        return moment === undefined ? refusal : dateOf(moment)
      }
    },
  }),

  yearMonth: transform<Formats>({
    does: 'Gives a month as YYYY-MM, in the time zone of the adapter as date does.',
    parameters: formatsOf(['YYYY-MM', 'YYYYMM', 'YYYY/MM']),
    gives: { type: 'text', format: 'year-month' },
    problem: parameters => firstProblem(parameters, ['year', 'month']),
    compile: ({ formats, century } = { formats: ['YYYY-MM'] }, { timezone }) => {
      const read = dateReader(formats, { century, ...clocks(timezone) })
      const refusal = notWritten('not-a-month', formats)
      return text => {
        const moment = read(text.trim())
        return moment === undefined ? refusal : `${fourDigits(moment.year)}-${twoDigits(moment.month)}`
      }
    },
  }),

  dateTime: transform<Formats>({
    does: 'Gives an instant as RFC 3339 writes it; where the format has no Z, in the time zone of the adapter.',
    parameters: formatsOf(['YYYY-MM-DDTHH:mm:ssZ', 'YYYYMMDDHHmmss', 'YYYY-MM-DD HH:mm:ss.S']),
    gives: { type: 'text', format: 'date-time' },
    problem: (parameters = { formats: ['YYYY-MM-DDTHH:mm:ssZ'] }, { timezone }) => {
      const problem = firstProblem(parameters, ['year', 'month', 'day', 'hour', 'minute'])
      if (problem !== undefined) return problem
      if (timezone !== undefined) return isTimezone(timezone) ? undefined : 'the time zone of the adapter is not known'
      const local = parameters.formats.find(
        format => formatProblem(format, ['offset'], parameters.century) !== undefined,
      )
      return local === undefined ? undefined : `the format ${local} gives no offset: name a timezone in the adapter`
    },
    compile: ({ formats, century } = { formats: ['YYYY-MM-DDTHH:mm:ssZ'] }, { timezone = 'Z' }) => {
      const read = dateReader(formats, { century })
      const offsetOf = offsetsOf(timezone)
      const refusal = notWritten('not-a-date-time', formats)
      return text => {
        const moment = read(text.trim())
        if (moment === undefined) return refusal
        const offset = moment.offset ?? offsetOf(moment)
        return offset === undefined ? skippedTime : `${dateOf(moment)}T${timeOf(moment)}${offset}`
      }
    },
  }),

  utc: transform({
    does: 'Turns an instant with its offset, as dateTime gives it, into UTC with nine digits of a second, so that instants compare as texts.',
    gives: { type: 'text', format: 'date-time' },
    compile: () => text => {
      const [, time, fraction = '', offset] = instant.exec(text) ?? []
      const milliseconds = Date.parse(`${time}${offset}`)
      // Years of more than four digits, which RFC 3339 has not, lie beyond.
      if (!(milliseconds >= firstMillisecond && milliseconds <= lastMillisecond)) return notInstant
      return `${new Date(milliseconds).toISOString().slice(0, 19)}.${fraction.slice(0, 9).padEnd(9, '0')}Z`
    },
  }),
}

const instant = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/

const firstMillisecond = Date.parse('0001-01-01T00:00:00Z')
const lastMillisecond = Date.parse('9999-12-31T23:59:59Z')

function clocks(timezone: string | undefined): Pick<Reading, 'clockAt'> {
  return timezone === undefined ? {} : { clockAt: clockIn(timezone) }
}

const notInstant = notWritten('not-a-date-time', ['YYYY-MM-DDTHH:mm:ssZ'])

function formatsOf(examples: string[]): object {
  return {
    type: 'object',
    properties: {
      formats: {
        description:
          'YYYY year, YY two digits of one (with century), YYY or Y year of the Republic of China, MM DD HH mm ss two digits, M D H one or two, MMM or MMMM English month, hh or h with A for AM and PM, S fraction, Z offset, ddd English day of the week, x or X milliseconds or seconds since 1970, […] literal.',
        type: 'array',
        items: { type: 'string', examples },
        minItems: 1,
        uniqueItems: true,
      },
      century: {
        description: 'The first of the hundred years that YY stands for: with 1950, 49 is 2049 and 50 is 1950.',
        type: 'integer',
        minimum: 1,
        maximum: 9900,
      },
    },
    required: ['formats'],
    additionalProperties: false,
  }
}

function firstProblem(parameters: Formats, needed: readonly Part[]): string | undefined {
  for (const format of parameters?.formats ?? []) {
    const problem = formatProblem(format, needed, parameters?.century)
    if (problem !== undefined) return problem
  }
  return undefined
}

function notWritten(code: string, formats: readonly string[]): Refusal {
  const listed = formats.join(', ')
  return new Refusal(code, {
    'zh-CN': `不是按 ${listed} 书写的有效日期或时间`,
    en: `is no date or time that exists and is written ${listed}`,
  })
}

function dateOf({ year, month, day }: Moment): string {
  return `${fourDigits(year)}-${twoDigits(month)}-${twoDigits(day)}`
}

function timeOf({ hour, minute, second, fraction }: Moment): string {
  const rest = fraction.replace(/0+$/, '')
  return `${twoDigits(hour)}:${twoDigits(minute)}:${twoDigits(second)}${rest === '' ? '' : `.${rest}`}`
}

function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : String(number)
}

function fourDigits(year: number): string {
  return year < 1000 ? String(year).padStart(4, '0') : String(year)
}
