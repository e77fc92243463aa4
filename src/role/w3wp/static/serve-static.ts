import { closeSync } from 'node:fs'
import { basename } from 'node:path'
import type { HandlerAnswer, HandlerRequest } from '../handler.ts'
import { answer, notAllowed, refusal, verbs } from './answers.ts'
import { mimeTypeOf } from './mime-type.ts'
import { type OpenFile, openFile } from './open-file.ts'
import { sendFile } from './send-file.ts'
import { serveDirectory } from './serve-directory.ts'

/**
 * Answers with the file at a URL; for a directory, with a redirect to its slash, a listing, or 403.14 (I-34, I-61). The caller
 * reads or destroys the answer's body. Rejects when the system has no more descriptors, or the disk fails.
 */
export async function serveStatic(request: HandlerRequest): Promise<HandlerAnswer> {
  const { method, root, scriptPath, scriptName } = request
  if (method === 'OPTIONS')
    return answer(200, [
      ['Allow', verbs],
      ['Public', verbs],
      ['Content-Length', '0'],
    ])
  if (method === 'TRACE') return answer(501)
  const found = openFile(scriptPath, root)
  if (found.kind === 'directory') return serveDirectory(request)
  if (found.kind === 'file') return serveFile(request, found)
  return refusal(found.kind === 'denied' ? [401, 3] : [404, 0], `${scriptName} was asked for; ${found.why}.`)
}

function serveFile(request: HandlerRequest, file: OpenFile): HandlerAnswer {
  const mimeType = mimeTypeOf(basename(request.scriptPath), request.section('staticContent'))
  const refused = refusalOf(request)
  if (!refused && mimeType !== undefined) return sendFile(request, file, mimeType)
  closeSync(file.descriptor)
  return refused ?? refusal([404, 3], `The name of ${request.scriptName} has no type; add a mimeMap to staticContent.`)
}

function refusalOf({ mapping, method, pathInfo, scriptName }: HandlerRequest): HandlerAnswer | undefined {
  if (!/\bStaticFileModule\b/i.test(mapping.modules))
    return refusal([404, 0], `${scriptName} is a file, and the handler ${mapping.name} has no StaticFileModule.`)
  if (pathInfo !== '') return refusal([404, 0], `${scriptName} is a file, and ${pathInfo} follows it.`)
  return method === 'GET' || method === 'HEAD' ? undefined : notAllowed(method)
}
