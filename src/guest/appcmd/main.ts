/**
 * appcmd: changes and lists what the web server of the instance serves (I-53), for startup tasks and OnStart. Same words as the original. It
 * changes only the file, which the listener follows; only immediate actions on a pool are sent to the listener.
 */
import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { connectJsonLines } from '../../machine/guest-os/json-lines.ts'
import { replaceFile } from '../../machine/guest-os/replace-file.ts'
import { nameThisProcess } from '../../machine/process.ts'
import { roleVariables } from '../../role/contract/variables.ts'
import type { PoolWord } from '../../service-model/application-host/appcmd/answer.ts'
import { runAppcmd } from '../../service-model/application-host/appcmd.ts'
import { readRoleEnvironment } from '../../service-model/role-environment.ts'
import { runNames } from '../bootstrapper/protocol.ts'
import { realPath, webServerConfig } from '../contract/guest-paths.ts'
import { exitCodeOf, failureLines } from './failure.ts'

nameThisProcess('appcmd')
const words = process.argv.slice(2)
const root = dirname(process.env['SystemDrive'] ?? '')
const file = realPath(root, webServerConfig) as string

/** Of the instance; undefined when nobody can come to it. */
function ownAddress(): string | undefined {
  const environment = process.env[roleVariables.roleEnvironment]
  return environment === undefined
    ? undefined
    : readRoleEnvironment(readFileSync(environment, 'utf8')).currentInstance.endpoints[0]?.address
}

function answer(): {
  readonly lines: readonly string[]
  readonly exitCode: number
  readonly poolWords: readonly PoolWord[]
} {
  try {
    const source = readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
    const input = words.some((word) => /^[/-]in$/i.test(word)) ? readFileSync(0, 'utf8') : ''
    const { document, ...rest } = runAppcmd(words, {
      source,
      input,
      realPath: (path) => realPath(root, path),
      address: ownAddress(),
    })
    if (document !== undefined) replaceFile(file, document, statSync(file).mode & 0o777)
    return rest
  } catch (error) {
    return { ...failureLines(error as NodeJS.ErrnoException, webServerConfig), poolWords: [] }
  }
}

/** How long W3SVC may take to carry out a request: as long as Windows gives a service to answer (ServicesPipeTimeout). */
const answerLimitMs = 30_000

/** Resolves when W3SVC has done that. Before the sites are set up there is none, and no pool has a process (I-23). */
async function tell(all: readonly PoolWord[]): Promise<void> {
  const { promise: done, resolve } = Promise.withResolvers<void>()
  let awaited = all.length
  const said = () => {
    awaited -= 1
    if (awaited === 0) resolve()
  }
  const socket = join(dirname(process.env[roleVariables.runtimeEndpoint] ?? ''), runNames.webServer)
  const line = await connectJsonLines(socket, { said, gone: resolve }).catch(() => undefined)
  if (!line) return
  for (const word of all) line.send(word)
  setTimeout(resolve, answerLimitMs)
  await done
}

const { lines, exitCode, poolWords } = answer()
if (poolWords.length > 0) await tell(poolWords)
process.stdout.write(lines.map((line) => `${line}\n`).join(''), () => process.exit(exitCodeOf(exitCode)))
