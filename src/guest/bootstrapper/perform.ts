import type { Result } from '../../kernel/fault.ts'
import { becauseOf, type StartedProgram } from '../startup-tasks/runner.ts'
import { runSimple } from '../startup-tasks/simple.ts'
import type { BootstrapperAction } from './action.ts'
import type { BootstrapperFacilities } from './facilities.ts'
import { taskTypeNumbers } from './log-line.ts'
import type { PlannedTask, RolePlan } from './plan.ts'
import { roleDirectoryName } from './plan.ts'
import { type Preparation, prepareCommand, prepareModule, unsetIn } from './prepare-program.ts'
import type { BootstrapperOutcome } from './settle.ts'

const done: BootstrapperOutcome = { kind: 'done' }

/** Events of the channel `Windows Azure` (G-19). */
const events = { taskStarted: 10001, taskSucceeded: 10002, taskFailed: 10005, roleFailed: 10006 } as const

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
  let host: StartedProgram | undefined

  const effects: Effects = {
    runTask: ({ planned }) => runTask(planned, preparation, facilities),
    async startHost() {
      const started = startHost(plan, preparation, facilities)
      if (!started.ok) return { kind: 'refused', message: started.fault.message }
      host = started.value
      return { kind: 'hostStarted', pid: host.pid, unset: unsetIn(facilities.files, plan.variables) }
    },
    async tell({ goal, message, clients, reason }) {
      if (message.kind !== 'statusCheck') log('INFO ', `${message.kind}: ${reason}`)
      if (goal) facilities.publish(goal)
      facilities.send(clients, message)
      return done
    },
    async terminate() {
      host?.terminate()
      return done
    },
    look: async () => done,
    end({ exit }) {
      const activity = exit.activity || 'The role has stopped'
      log(exit.why === 'failed' ? 'ERROR' : 'INFO ', `${activity}. WaHostBootstrapper ends with ${exit.code}.`)
      if (exit.why === 'failed') event(events.roleFailed, activity)
      return facilities.end(exit)
    },
  }
  return (action) => (effects[action.kind] as (action: BootstrapperAction) => Promise<BootstrapperOutcome>)(action)
}

async function runTask(
  planned: PlannedTask,
  preparation: Preparation,
  facilities: BootstrapperFacilities,
): Promise<BootstrapperOutcome> {
  const { log, event } = facilities
  const { task } = planned
  const module = planned.kind === 'passedOver' ? planned.module : '(null)'
  const described = `type=${taskTypeNumbers[task.taskType]} rolemodule=${module} cmd="${task.commandLine}"`
  if (planned.kind === 'passedOver') {
    log('WARN ', `Startup Task ${described} is passed over: plug-ins come with a later version of Reddog.`)
    return done
  }
  const { commandLine, environment: variables } = task
  const program = prepareCommand(preparation, facilities.files, {
    commandLine,
    directory: planned.directory,
    variables,
  })
  if (!program.ok) return { kind: 'refused', message: program.fault.message }
  const unset = unsetIn(facilities.files, variables)
  for (const clause of unset) log('WARN ', `${clause}.`)
  log('INFO ', `Executing Startup Task ${described}`)
  event(events.taskStarted, `Startup task "${commandLine}" has started.`)
  const running = runSimple(program.value, facilities.startProgram)
  if (!running.ok) return { kind: 'refused', message: running.fault.message }
  const ended = await running.value.ended
  const code = `${ended.code ?? `signal ${ended.signal}`}${becauseOf(ended)}`
  log(ended.code === 0 ? 'INFO ' : 'ERROR', `Startup Task ${described} ended with exit code ${code}`)
  if (ended.code === 0) event(events.taskSucceeded, `Startup task "${commandLine}" has succeeded.`)
  else event(events.taskFailed, `Startup task "${commandLine}" failed with exit code ${code}.`)
  return { kind: 'taskEnded', ended, unset }
}

function startHost(
  { host, variables }: Pick<RolePlan, 'host' | 'variables'>,
  preparation: Preparation,
  { files, log, hostEnded, startProgram, startWorkerHost }: BootstrapperFacilities,
): Result<StartedProgram> {
  const title = host.kind === 'module' ? `WaWorkerHost with ${host.module}` : `"${host.commandLine}"`
  const start = () => {
    if (host.kind === 'module') {
      const prepared = prepareModule(preparation, files, host.module, variables)
      return prepared.ok ? startWorkerHost(prepared.value) : prepared
    }
    const command = { commandLine: host.commandLine, directory: roleDirectoryName, variables }
    const prepared = prepareCommand(preparation, files, command)
    return prepared.ok ? startProgram(prepared.value) : prepared
  }
  const started = start()
  if (!started.ok) return started
  for (const clause of unsetIn(files, variables)) log('WARN ', `${clause}.`)
  const { pid, ended } = started.value
  log('INFO ', `Host process ${title} started with process ID ${pid}.`)
  void ended.then((how) => {
    const end = how.signal ? `signal ${how.signal}` : `exit code ${how.code}`
    log('WARN ', `Host process ${pid} exited: ${end}${becauseOf(how)}.`)
    hostEnded(how)
  })
  return started
}
