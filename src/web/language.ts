import type { FastifyRequest } from 'fastify'
import type { Language } from '../record.ts'

/** The language of the reasons: Chinese where it is asked for first, else English. */
export function languageOf(request: FastifyRequest): Language {
  return /^\s*zh\b/i.test(request.headers['accept-language'] ?? '') ? 'zh-CN' : 'en'
}
