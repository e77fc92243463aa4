import type { BootstrapperState } from '../../guest/bootstrapper/state.ts'
import type { GuestAgentState } from '../../guest/guest-agent/state.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Wire } from '../wire.ts'
import { restartDelays } from './app-agent.ts'
import { type GuestAgentParts, type GuestAgentProcess, startGuestAgent } from './guest-agent.ts'
import type { GuestPart, ThinkingPart } from './guest-part.ts'
import { hostStack, type Running, type StackParts } from './host-stack.ts'

export interface GuestParts
  extends Omit<GuestAgentParts, 'stack' | 'guest' | 'died' | 'replaced' | 'wire'>,
    Pick<StackParts, 'modelOf' | 'stopping' | 'defect' | 'isPoisoned'> {
  readonly wire: Wire
  /** WaAppAgent has ended. */
  ended(): void
}

/** The processes of one guest. Its drives outlive it. */
export interface SimulatedGuest {
  readonly containerId: string
  /** `<deployment ID>.<instance ID>` */
  readonly key: string
  readonly startedAt: Instant
  /** True while WaAppAgent runs. */
  isAlive(): boolean
  /** True while the role takes requests. */
  isReady(): boolean
  /** Undefined while no process of the role runs. */
  running(): Running | undefined
  /** True while the host hears nothing: the guest is silent, or has no agent to speak. */
  isSilent(): boolean
  /** True: the guest sends and receives nothing; its role goes on. */
  setSilent(silent: boolean): void
  /** The host process of the role ends. */
  breakRole(): void
  /** Stops that process until it goes on or dies (SIGSTOP). */
  pause(process: ThinkingPart): void
  /** All its stopped processes go on. */
  resume(): void
  /** What its agents know; undefined while they do not run. */
  states(): { readonly guestAgent: GuestAgentState | undefined; readonly bootstrapper: BootstrapperState | undefined }
  /** Only that process dies. */
  kill(process: GuestPart): void
  /** All processes of the guest end. */
  end(): void
}

/** From the start of the guest agent to its first question; the first one is part of the guest's boot. */
const agentStartMs = 150

/** Starts WaAppAgent, and with it all the others: the guest agent dies and is started again, its host stack goes on. */
export function startGuest(parts: GuestParts): SimulatedGuest {
  const { clock, settings, wire, drives } = parts
  const { containerId, key } = settings
  const startedAt = clock.now()
  const guest = `WaAppAgent of ${startedAt}`
  const stack = hostStack(parts)
  const delayAfter = restartDelays()
  let appAgent = true
  let agent: GuestAgentProcess | undefined
  let began = startedAt

  function startAgent(): void {
    if (!appAgent) return
    began = clock.now()
    const incarnation = (drives.agent ??= parts.incarnation)
    agent = startGuestAgent({ ...parts, stack, guest, incarnation, died: () => agentEnded(), replaced: agentEnded })
  }

  /** `next` is the agent that replaces this one. */
  function agentEnded(next?: string): void {
    agent = undefined
    drives.agent = next ?? drives.agent
    const delayMs = next === undefined ? delayAfter(clock.now() - began) : 0
    clock.schedule(clock.now() + delayMs + agentStartMs, startAgent)
  }

  const deaths: Readonly<Record<GuestPart, () => void>> = {
    WaAppAgent() {
      if (!appAgent) return
      appAgent = false
      parts.ended()
    },
    WindowsAzureGuestAgent() {
      if (!agent) return
      agent.end()
      agentEnded()
    },
    WaHostBootstrapper: stack.kill,
  }

  clock.schedule(startedAt + parts.behaviour('').bootMs, startAgent)
  return {
    containerId,
    key,
    startedAt,
    isAlive: () => appAgent,
    isReady: stack.isReady,
    running: stack.running,
    isSilent: () => wire.isCut() || !agent || agent.clock.isPaused(),
    setSilent: wire.setCut,
    breakRole: () => stack.role()?.kill(),
    pause(process) {
      if (process === 'WindowsAzureGuestAgent') agent?.clock.pause()
      else stack.bootstrapper()?.clock.pause()
    },
    resume() {
      agent?.clock.resume()
      stack.bootstrapper()?.clock.resume()
    },
    states: () => ({ guestAgent: agent?.state(), bootstrapper: stack.bootstrapper()?.state() }),
    kill: (process) => deaths[process](),
    end() {
      appAgent = false
      agent?.end()
      agent = undefined
      stack.clear()
    },
  }
}
