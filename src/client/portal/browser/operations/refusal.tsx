import { MessageBar, MessageBarBody } from '@fluentui/react-components'
import type { Asking } from './asking.ts'

/** What was refused, where it was asked for. */
export function Refusal({ refusal }: Pick<Asking, 'refusal'>) {
  return (
    <div aria-live="assertive">
      {refusal && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody lang={refusal.isOwnWords ? 'en' : undefined}>{refusal.message}</MessageBarBody>
        </MessageBar>
      )}
    </div>
  )
}
