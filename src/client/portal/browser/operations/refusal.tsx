import { MessageBar, MessageBarBody } from '@fluentui/react-components'
import { wayOn } from '../form/way-on.ts'
import type { Asking } from './asking.ts'
import { Holder } from './holder.tsx'

/** What was refused, where it was asked for. */
export function Refusal({ refusal }: Pick<Asking, 'refusal'>) {
  const way = refusal && wayOn({ status: 0, message: refusal.message })
  return (
    <div aria-live="assertive">
      {refusal && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            <span lang={refusal.isOwnWords ? 'en' : undefined}>{refusal.message}</span>
            {way?.kind === 'follow' && <Holder operation={way.operation} />}
          </MessageBarBody>
        </MessageBar>
      )}
    </div>
  )
}
