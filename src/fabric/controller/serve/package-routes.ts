import { type Fault, refused } from '../../../kernel/fault.ts'
import { isHash, readHeldReport } from '../../contract/held-packages.ts'
import { fabricPaths, party } from '../../contract/paths.ts'
import type { PackageStore } from '../../package-store/package-store.ts'
import { packagesHeld } from '../desk/packages-held.ts'
import type { Answer, Call, Route } from './route.ts'
import { answerOf, type Serving } from './serving.ts'

/** What a candidate shows of its packages to the others, master or not. */
export interface PackageShelf {
  readonly packages: Pick<PackageStore, 'take' | 'held' | 'pathOf' | 'drop'>
  /** Whether a master of that epoch is the newest that was heard of. */
  readonly admits: (epoch: number) => boolean
}

/** Packages of this machine, for other candidates: all of them may read one, the newest master alone brings and drops. */
export function packageRoutes({ packages, admits }: PackageShelf): readonly Route[] {
  const route = (method: Route['method'], answer: (sha256: string, call: Call) => Promise<Answer> | Answer): Route => ({
    method,
    path: fabricPaths.packages,
    takesContent: method === 'PUT',
    allows: isCandidate,
    handle: async (call) =>
      isHash(call.rest)
        ? answer(call.rest, call)
        : refusal(400, refused('BadRequest', 'A package is named by 64 hexadecimal digits.').fault),
  })
  const fromMaster =
    (answer: (sha256: string, call: Call) => Promise<Answer> | Answer) => (sha256: string, call: Call) =>
      admits(Number(call.query.get('epoch'))) ? answer(sha256, call) : refusal(409, superseded)
  const has = (sha256: string) => packages.held().includes(sha256)
  return [
    route('GET', (sha256) => (has(sha256) ? { file: packages.pathOf(sha256) } : refusal(404, unknown(sha256)))),
    route(
      'PUT',
      fromMaster(async (sha256, { content }) => {
        const taken = has(sha256) ? undefined : await packages.take(sha256, content)
        return taken && !taken.ok ? refusal(taken.fault.code === 'BadRequest' ? 400 : 507, taken.fault) : undefined
      }),
    ),
    route(
      'DELETE',
      fromMaster((sha256) => {
        packages.drop(sha256)
        return undefined
      }),
    ),
  ]
}

/** A master takes note of what the others hold. */
export function packagesHeldRoute(serving: Serving): Route {
  return {
    method: 'POST',
    path: fabricPaths.packagesHeld,
    allows: isCandidate,
    async handle({ body, signal }) {
      const report = readHeldReport(body)
      if (!report) return refusal(400, refused('BadRequest', 'The report of packages cannot be read.').fault)
      const answer = await answerOf(serving, signal, (sight) => packagesHeld(sight, report))
      return 'refused' in answer ? answer : { json: answer }
    },
  }
}

function isCandidate(peer: string): boolean {
  return peer === party.controller
}

function refusal(status: number, fault: Fault): Answer {
  return { refused: fault, status }
}

const superseded = refused('NotMaster', 'A newer master has been heard of than the one that asks this.').fault

function unknown(sha256: string): Fault {
  return refused('ResourceNotFound', `The package ${sha256} is not on this machine.`).fault
}
