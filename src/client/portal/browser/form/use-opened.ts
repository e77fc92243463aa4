import { useEffect, useMemo, useState } from 'react'
import { deploymentDocument } from '../../../../front-end/contract/wire/deployment.ts'
import type { Slot } from '../../../service-management/answers.ts'
import { inSlot } from '../../../service-management/asking.ts'
import { useLive } from '../connection/live.ts'
import { changesSince, type Standing, standingOf } from './standing.ts'

/** A slot as it is now, and what has changed in it since the page was opened. */
export function useOpened(service: string, slot: Slot) {
  const { value: answer, isKnown, isMissing } = useLive(deploymentDocument, 'GetDeployment', inSlot(service, slot))
  const now = useMemo(() => standingOf(answer), [answer])
  const [opened, setOpened] = useState<Standing>()
  const hasAnswered = isKnown && (answer !== undefined || isMissing)
  useEffect(() => {
    if (hasAnswered) setOpened((former) => former ?? now)
  }, [hasAnswered, now])
  return {
    answer,
    isKnown: hasAnswered,
    now,
    opened: opened ?? now,
    changes: opened ? changesSince(opened, now) : [],
    /** From here on only what changes after this is said. */
    takeNote: () => setOpened(now),
  }
}
