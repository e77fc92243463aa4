/** How often a path is asked for, in milliseconds. Origin: a change of an instance's state is to be on the page within 300; every question is a line of the audit log. */
const pace = { stepping: 100, mayStep: 200, standing: 1_000, over: 10_000 } as const

/** For so long after a change the next one is near. */
const steppingMs = 10_000

/** Whether a path tells of what goes on step by step, so that a change there is one of other paths too: the instances of a deployment, an operation. */
export function isStepwise(path: string): boolean {
  return isProgress(path) || isOperation(path)
}

/** The pause before a path is asked for again, whose last answer has this text and came `sinceChangeMs` ago. */
export function pauseAfter(path: string, text: string, sinceChangeMs: number): number {
  if (isOperation(path)) return text.includes('<Status>InProgress<') ? pace.stepping : pace.over
  if (isProgress(path)) return sinceChangeMs < steppingMs ? pace.stepping : pace.mayStep
  return pace.standing
}

function isProgress(path: string): boolean {
  return /^\/reddog\/hostedservices\/[^?]*\/progress(?:\?|$)/i.test(path)
}

function isOperation(path: string): boolean {
  return /^\/operations\/[^/?]/i.test(path)
}
