/**
 * IISConfigurator: sets up the web server of a full-IIS web role (I-1 to I-14). Its arguments are `/remove`, before the startup tasks, or
 * `/deploy`, after them, and the file that the bootstrapper was started with. It may be called any number of times.
 */
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { askJsonLines } from '../../machine/guest-os/ask-json-lines.ts'
import { ignoringCase } from '../../machine/guest-os/find-file.ts'
import { appendLine } from '../../machine/guest-os/log-file.ts'
import { machineKeyOf } from '../../machine/guest-os/machine-key.ts'
import { replaceFile } from '../../machine/guest-os/replace-file.ts'
import { nameThisProcess } from '../../machine/process.ts'
import { roleVariables } from '../../role/contract/variables.ts'
import type { ApplicationHost } from '../../service-model/application-host/application-host.ts'
import { readApplicationHost } from '../../service-model/application-host/read-application-host.ts'
import { baseApplicationHost, withSites } from '../../service-model/application-host/write-application-host.ts'
import { readRoleModel } from '../../service-model/read-role-model.ts'
import { readRoleEnvironment } from '../../service-model/role-environment.ts'
import { configuratorWords } from '../../service-model/role-plan.ts'
import { decodeText } from '../../service-model/text.ts'
import { type BootstrapperStart, runNames } from '../bootstrapper/protocol.ts'
import {
  failedRequestDirectory,
  guestLogs,
  realPath,
  webLogDirectory,
  webServerConfig,
} from '../contract/guest-paths.ts'
import type { FromW3svc, ToW3svc } from '../w3svc/words.ts'
import { logBlock } from './log-block.ts'
import { sitesOf } from './sites-of.ts'
import { type FoundConfig, webConfigWarnings } from './web-config-warnings.ts'

type Served = Pick<ApplicationHost, 'pools' | 'sites'>

const nothing: Served = { pools: [], sites: [] }

nameThisProcess('IISConfigurator')
const [word = '', startFile = ''] = process.argv.slice(2)
const { settings, owner, roleRoot, certificates } = JSON.parse(readFileSync(startFile, 'utf8')) as BootstrapperStart
const real = (logical: string) => realPath(settings.root, logical) as string
const config = real(webServerConfig)

/** How long W3SVC may take to carry out a request: as long as Windows gives a service to answer (ServicesPipeTimeout). */
const answerLimitMs = 30_000

/** Sends W3SVC a request (I-2), while it may still be starting, and waits until it is carried out. */
const ask = (question: ToW3svc) =>
  askJsonLines({
    path: join(settings.run, runNames.webServer),
    question,
    read: (value) => value as FromW3svc,
    limitMs: answerLimitMs,
  })

/** S-10: no pool of an earlier start is left, and nothing that an earlier start has set (I-24). */
async function remove(): Promise<Served> {
  mkdirSync(dirname(config), { recursive: true })
  replaceFile(config, baseApplicationHost(await machineKeyOf(settings)))
  await ask({ kind: 'stopPools' })
  return nothing
}

/** S-13. What startup tasks have set in the file stays. */
async function deploy(): Promise<Served> {
  const logDirectory = real(webLogDirectory(owner))
  const served = sitesOf(readRoleModel(readFileSync(find('RoleModel.xml') as string, 'utf8')).value?.sites ?? [], {
    instance: readRoleEnvironment(readFileSync(process.env[roleVariables.roleEnvironment] as string, 'utf8'))
      .currentInstance,
    certificates,
    logDirectory,
    traceDirectory: real(failedRequestDirectory(owner)),
    find,
  })
  if (!served.ok) throw new Error(served.fault.message)
  const text = withSites(readFileSync(config, 'utf8'), served.value)
  const { errors } = readApplicationHost(text, 'applicationHost.config')
  if (errors.length > 0) throw new Error(errors.join(' '))
  prepareDirectories(logDirectory)
  replaceFile(config, text)
  const answer = await ask({ kind: 'load', file: config })
  if (answer.kind === 'refused') throw new Error(answer.message)
  if (answer.kind === 'loaded' && answer.problems.length > 0) throw new Error(answer.problems.join(' '))
  return served.value
}

const find = (path: string) => ignoringCase(roleRoot, path)

/** Bytes of a `web.config` that are read at most, as w3wp does. */
const mostBytes = 1024 * 1024

function configOf(directory: string): FoundConfig | undefined {
  const file = ignoringCase(directory, 'web.config')
  if (file === undefined) return undefined
  try {
    const about = statSync(file)
    if (!about.isFile() || about.size > mostBytes) return undefined
    return { name: relative(roleRoot, file), text: decodeText(readFileSync(file)) }
  } catch {
    // w3wp says what is wrong with it, to whom it concerns.
    return undefined
  }
}

/** I-5, I-6: the web logs are the infrastructure's, and nobody else's to read; later guidance looks for them in `Web` (G-11). */
function prepareDirectories(logDirectory: string): void {
  mkdirSync(logDirectory, { recursive: true })
  chmodSync(logDirectory, 0o750)
  const alias = join(logDirectory, 'Web')
  rmSync(alias, { force: true })
  symlinkSync('.', alias)
}

const deeds: Readonly<Record<string, () => Promise<Served>>> = {
  [configuratorWords.remove]: remove,
  [configuratorWords.deploy]: deploy,
}

function log(served: Served, outcome: readonly string[]): void {
  const { path } = guestLogs(owner).find(({ name }) => name === 'IISConfigurator') as { path: string }
  appendLine(real(path), logBlock(word, new Date().toISOString(), served, outcome))
}

try {
  const deed = Object.hasOwn(deeds, word) ? deeds[word] : undefined
  if (!deed) throw new Error(`"${word}" is nothing that it does; it does ${Object.keys(deeds).join(' and ')}.`)
  const served = await deed()
  log(served, [...webConfigWarnings(served.sites, configOf), 'Done.'])
} catch (error) {
  log(nothing, [`Failed: ${(error as Error).message}`])
  process.exitCode = 1
}
// The open connection to the host agent would keep this process alive.
process.exit()
