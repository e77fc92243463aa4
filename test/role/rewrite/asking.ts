import assert from 'node:assert/strict'
import { parseXml } from '../../../src/kernel/xml.ts'
import { type PreparedRewrite, prepareRewrite } from '../../../src/role/w3wp/rewrite/prepare.ts'
import { type Outcome, type Rewriting, rewriteRequest } from '../../../src/role/w3wp/rewrite/rewrite-request.ts'
import type { RewriteRequest } from '../../../src/role/w3wp/rewrite/variables.ts'
import { notesOn } from '../../../src/service-model/document/notes.ts'
import { mergeRewrite } from '../../../src/service-model/web-config/rewrite/merge-rewrite.ts'
import { readRewrite } from '../../../src/service-model/web-config/rewrite/read-rewrite.ts'

/** A file with its `rewrite` element's content, and the URL directory in which it stands. */
export interface File {
  readonly directory?: string
  readonly isServers?: boolean
  readonly content: string
}

/** The files as the reader has them, from the topmost on; what is wrong with them. */
export function read(files: readonly File[]) {
  const notes = notesOn('web.config', '')
  const layers = files.map(({ directory = '/', isServers = false, content }) =>
    readRewrite(notes, parseXml(`<rewrite>${content}</rewrite>`), { directory, isServers, partOf: () => undefined }),
  )
  const { value, faults } = mergeRewrite(layers)
  return { value, faults: [...notes.errors, ...faults], warnings: notes.warnings }
}

/** Rules that are right. */
export function prepared(...files: readonly (string | File)[]): PreparedRewrite {
  const { value, faults } = read(files.map((file) => (typeof file === 'string' ? { content: file } : file)))
  assert.deepEqual(faults, [])
  return prepareRewrite(value)
}

/** What a test says of a request; the rest is an ordinary one to www.contoso.com. */
export interface Asked {
  readonly headers?: Readonly<Record<string, string>>
  readonly variables?: Readonly<Record<string, string>>
  readonly files?: readonly string[]
  readonly directories?: readonly string[]
  readonly method?: string
}

export function requestOf(url: string, asked: Asked = {}): RewriteRequest {
  const headers: Readonly<Record<string, string>> = { host: 'www.contoso.com', ...asked.headers }
  const variables: Readonly<Record<string, string>> = { HTTPS: 'off', SERVER_PORT: '80', ...asked.variables }
  return {
    method: asked.method ?? 'GET',
    url,
    header: (name) => headers[name],
    variable: (name) => variables[name],
    physicalPath: (path) => `/approot${path}`,
    isFile: (path) => asked.files?.includes(path) ?? false,
    isDirectory: (path) => asked.directories?.includes(path) ?? false,
  }
}

export function ask(rules: PreparedRewrite, url: string, asked?: Asked): Rewriting {
  return rewriteRequest(rules, requestOf(url, asked))
}

/** An outcome in a few words: `301 https://…`, `/server.js?a=b`. */
export function words(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'none':
    case 'abort':
      return outcome.kind
    case 'rewrite':
      return outcome.query ? `${outcome.path}?${outcome.query}` : outcome.path
    case 'forward':
      return `to ${outcome.url}`
    case 'redirect':
      return `${outcome.status} ${outcome.location}`
    case 'response':
      return `${outcome.status}.${outcome.subStatus} ${outcome.reason}: ${outcome.description}`
    case 'fault':
      return `500.${outcome.fault.subStatus} ${outcome.fault.reason}`
  }
}
