import { fine, type Result } from '../../kernel/fault.ts'
import type { StartupTask } from '../../service-model/definition.ts'
import {
  deploysSites,
  type HostProcess,
  type PlannedTask,
  type RolePlan,
  roleDirectoryName,
} from '../../service-model/role-plan.ts'
import { blocksStartup } from '../../service-model/sdk-plugins.ts'
import { becauseOf, type Ended, type StartedProgram } from '../startup-tasks/runner.ts'
import type { BootstrapperAction } from './action.ts'
import type { BootstrapperFacilities } from './facilities.ts'
import { taskTypeNumbers } from './log-line.ts'
import {
  type Preparation,
  prepareAgent,
  prepareAssembly,
  prepareCommand,
  prepareModule,
  preparePlatform,
  unsetIn,
} from './prepare-program.ts'
import { runNames } from './protocol.ts'
import type { BootstrapperOutcome } from './settle.ts'

const done: BootstrapperOutcome = { kind: 'done' }

/** Events of the channel `Windows Azure` (G-19). */
const events = {
  taskStarted: 10001,
  taskSucceeded: 10002,
  sitesAreDeployed: 10003,
  sitesWereDeployed: 10004,
  taskFailed: 10005,
  roleFailed: 10006,
} as const

/**
 * How long the agents' last work may take when the role has ended already: much less than a guest agent waits beyond the deadline before
 * it kills. Origin: choice, a transfer of some thousand rows.
 */
const lastWordsMs = 5_000

type Effects = {
  readonly [Kind in BootstrapperAction['kind']]: (
    action: Extract<BootstrapperAction, { kind: Kind }>,
  ) => Promise<BootstrapperOutcome>
}

/** The table from an action's kind to its effect. */
export function performWith(
  facilities: BootstrapperFacilities,
  preparation: Preparation,
  plan: Pick<RolePlan, 'host' | 'variables'>,
): (action: BootstrapperAction) => Promise<BootstrapperOutcome> {
  const { log, event } = facilities
  /** The children that live, by the keys under which they are known. */
  const programs = new Map<string, StartedProgram>()

  /** The end of a child is reported for as long as this process lives (F-17). */
  function follow(key: string, { program, unset, heard }: Launched): BootstrapperOutcome {
    programs.set(key, program)
    void program.ended.then((ended) => {
      programs.delete(key)
      heard(ended)
      facilities.childEnded(key, ended)
    })
    return { kind: 'started', pid: program.pid, unset }
  }

  const effects: Effects = {
    async startTask({ key, planned }) {
      if (planned.kind === 'passedOver') return passOver(planned, facilities)
      const started = startTask(planned, preparation, facilities)
      return started.ok ? follow(key, started.value) : { kind: 'refused', message: started.fault.message }
    },
    async startHost({ key }) {
      const started = startHost(plan, preparation, facilities)
      return started.ok ? follow(key, started.value) : { kind: 'refused', message: started.fault.message }
    },
    async tell({ goal, message, clients, reason }) {
      if (message.kind !== 'statusCheck') log('INFO ', `${message.kind}: ${reason}`)
      if (goal) facilities.publish(goal)
      facilities.send(clients, message)
      return done
    },
    async terminate({ children }) {
      for (const child of children) programs.get(child)?.terminate()
      return done
    },
    look: async () => done,
    async end({ exit, lastWords }) {
      const speakers = lastWords.flatMap((child) => programs.get(child) ?? [])
      for (const speaker of speakers) speaker.terminate()
      const silence = Promise.all(speakers.map(({ ended }) => ended))
      if (speakers.length > 0) await Promise.race([silence, facilities.delay(lastWordsMs)])
      const activity = exit.activity || 'The role has stopped'
      log(exit.why === 'failed' ? 'ERROR' : 'INFO ', `${activity}. WaHostBootstrapper ends with ${exit.code}.`)
      if (exit.why === 'failed') event(events.roleFailed, activity)
      return facilities.end(exit)
    },
  }
  return (action) => (effects[action.kind] as (action: BootstrapperAction) => Promise<BootstrapperOutcome>)(action)
}

type RunningTask = Exclude<PlannedTask, { readonly kind: 'passedOver' }>

/** A program that runs, and what is written when it has ended. */
interface Launched {
  readonly program: StartedProgram
  readonly unset: readonly string[]
  readonly heard: (ended: Ended) => void
}

function passOver({ task, module }: PlannedTask & { kind: 'passedOver' }, { log }: BootstrapperFacilities) {
  log(
    'WARN ',
    `Startup Task ${describe(task, module)} is passed over: it is the original's own, and runs on Windows alone.`,
  )
  return done
}

/** A task in the lines of the log (G-17). */
function describe({ taskType, commandLine }: StartupTask, module = '(null)'): string {
  return `type=${taskTypeNumbers[taskType]} rolemodule=${module} cmd="${commandLine}"`
}

function startTask(
  planned: RunningTask,
  preparation: Preparation,
  facilities: BootstrapperFacilities,
): Result<Launched> {
  const { task, module } = planned
  const { commandLine, environment: variables } = task
  const { files, log, event } = facilities
  const ready = readyToStart(planned, preparation, facilities)
  if (!ready.ok) return ready
  const unset = unsetIn(files, variables)
  for (const clause of unset) log('WARN ', `${clause}.`)
  log('INFO ', `Executing Startup Task ${describe(task, module)}`)
  const { begin, success } = eventsOf(planned)
  event(...begin)
  const started = ready.value()
  if (!started.ok) return started
  const heard = (ended: Ended) => {
    const code = `${ended.code ?? `signal ${ended.signal}`}${becauseOf(ended)}`
    log(ended.code === 0 ? 'INFO ' : 'ERROR', `Startup Task ${describe(task, module)} ended with exit code ${code}`)
    if (ended.code === 0) event(...success)
    else event(events.taskFailed, `Startup task "${commandLine}" ${howEnded(ended)}.`)
  }
  return fine({ program: started.value, unset, heard })
}

function howEnded(ended: Ended): string {
  const how = ended.code === null ? `was ended by ${ended.signal}` : `failed with exit code ${ended.code}`
  return `${how}${becauseOf(ended)}`
}

type Event = readonly [id: number, text: string]

function eventsOf(planned: RunningTask): { readonly begin: Event; readonly success: Event } {
  if (deploysSites(planned))
    return {
      begin: [events.sitesAreDeployed, 'Sites are being deployed.'],
      success: [events.sitesWereDeployed, 'Sites were deployed.'],
    }
  const task = `Startup task "${planned.task.commandLine}"`
  return {
    begin: [events.taskStarted, `${task} has started.`],
    success: [events.taskSucceeded, `${task} has succeeded.`],
  }
}

/** The command that starts the program of a task, once all that it needs is found. */
function readyToStart(
  planned: RunningTask,
  preparation: Preparation,
  { files, startProgram, startAgent }: BootstrapperFacilities,
): Result<() => Result<StartedProgram>> {
  const { task } = planned
  if (planned.kind === 'platform') {
    const prepared = preparePlatform(preparation, files)
    const [, ...words] = task.commandLine.split(' ')
    const file = `${preparation.start.settings.run}/${runNames.start}`
    return prepared.ok ? fine(() => startAgent(planned.program, [...words, file], prepared.value)) : prepared
  }
  if (planned.kind === 'agent') {
    const prepared = prepareAgent(preparation, files, planned)
    const words = blocksStartup(task.commandLine) ? ['/blockStartup'] : []
    return prepared.ok ? fine(() => startAgent(planned.agent.program, words, prepared.value)) : prepared
  }
  const { commandLine, environment: variables } = task
  const prepared = prepareCommand(preparation, files, { commandLine, directory: planned.directory, variables })
  return prepared.ok ? fine(() => startProgram(prepared.value)) : prepared
}

function titleOf(host: HostProcess): string {
  switch (host.kind) {
    case 'program':
      return `"${host.commandLine}"`
    case 'module':
      return `${host.process} with ${host.module || 'the default entry point'}`
    case 'assembly':
      return `${host.process} with ${host.assembly || 'the first library that has an entry point'}`
  }
}

function startHost(
  { host, variables }: Pick<RolePlan, 'host' | 'variables'>,
  preparation: Preparation,
  { files, log, startProgram, startEntryPoint, startAssembly }: BootstrapperFacilities,
): Result<Launched> {
  const start = () => {
    if (host.kind === 'module') {
      const prepared = prepareModule(preparation, files, host.module, variables)
      return prepared.ok ? startEntryPoint(host.process, prepared.value) : prepared
    }
    if (host.kind === 'assembly') {
      const prepared = prepareAssembly(preparation, files, host, variables)
      return prepared.ok ? startAssembly(host.process, prepared.value.library, prepared.value) : prepared
    }
    const command = { commandLine: host.commandLine, directory: roleDirectoryName, variables }
    const prepared = prepareCommand(preparation, files, command)
    return prepared.ok ? startProgram(prepared.value) : prepared
  }
  const started = start()
  if (!started.ok) return started
  const unset = unsetIn(files, variables)
  for (const clause of unset) log('WARN ', `${clause}.`)
  const { pid } = started.value
  log('INFO ', `Host process ${titleOf(host)} started with process ID ${pid}.`)
  const heard = (ended: Ended) => {
    const end = ended.signal ? `signal ${ended.signal}` : `exit code ${ended.code}`
    log('WARN ', `Host process ${pid} exited: ${end}${becauseOf(ended)}.`)
  }
  return fine({ program: started.value, unset, heard })
}
