import type { Readable } from 'node:stream'
import type { HostGoal } from '../../host/contract/goal.ts'
import { hostPaths } from '../../host/contract/paths.ts'
import type { Answer, HostFacts, HostReport } from '../../host/contract/report.ts'
import type { ControllerClient, ControllerRequest } from '../http/controller-client.ts'

/** The host's side of its connection to the fabric controller. A failed delivery rejects, with a sentence. */
export interface ControllerLink {
  readonly register: (facts: HostFacts) => Promise<void>
  readonly report: (report: HostReport) => Promise<void>
  readonly answer: (ask: string, answer: Answer) => Promise<void>
  /** The goal when it is newer than `after`, as soon as there is one; undefined when none came for `waitMs`. */
  readonly goal: (after: number, waitMs: number) => Promise<HostGoal | undefined>
  /** The bytes of a package that is placed on this host. */
  readonly openPackage: (sha256: string) => Promise<Readable>
}

/** For an answer that needs no more than one commit of the controller; the original's agents give 10 s too (wire-server.md 4). */
const answerLimitMs = 10_000

/** 600 MB, the largest package (U-20), over a slow line. */
const packageLimitMs = 600_000

export function openControllerLink(controller: ControllerClient): ControllerLink {
  async function ask<Value>(request: Omit<ControllerRequest, 'timeoutMs'>) {
    const reply = await controller.request<Value>({ ...request, timeoutMs: answerLimitMs + (request.waitMs ?? 0) })
    if (!reply.ok) throw new Error(reply.fault.message)
    return reply.value
  }
  return {
    register: (facts) => ask({ path: hostPaths.register, body: facts }),
    report: (report) => ask({ path: hostPaths.report, body: report }),
    answer: (id, answer) => ask({ path: `${hostPaths.answer}?id=${encodeURIComponent(id)}`, body: answer }),
    goal: (after, waitMs) =>
      ask<HostGoal | undefined>({ path: `${hostPaths.goal}?after=${after}&wait=${waitMs}`, waitMs }),
    openPackage: (sha256) => controller.open({ path: hostPaths.packages + sha256, timeoutMs: packageLimitMs }),
  }
}
