import { refused } from '../../../kernel/fault.ts'
import type { PlanView } from '../../contract/plan.ts'
import type { Views } from '../../contract/views.ts'
import { planView, refusalAtOnce } from '../views/plan.ts'
import type { Serving } from './serving.ts'

/** Reads the package of a planned upgrade, and answers what the upgrade would do; the package is dropped again. */
export async function readPlan({ driver, packages, clock }: Serving, ask: Views['plan']['ask']): Promise<PlanView> {
  const now = clock.now()
  const refusal = refusalAtOnce(driver.state(), ask, now)
  if (refusal) return planView(driver.state(), ask, refused(refusal.code, refusal.message), now)
  const fetched = await packages.fetch(ask.packageUrl)
  const plan = planView(driver.state(), ask, fetched, clock.now())
  if (fetched.ok) await driver.deliver({ kind: 'packageRead', package: fetched.value })
  return plan
}
