import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import type { Slot } from '../../../service-management/answers.ts'
import { useRecentOperations } from '../connection/recent-operations.ts'
import { lastFailureOf } from './last-failure.ts'

/** Why nothing came of what was begun last: its notice may be gone, or have been shown to somebody else. */
export function LastFailure({ service, slot }: { readonly service: string; readonly slot: Slot }) {
  const { t } = useTranslation('summary')
  const { value: operations = [] } = useRecentOperations(service)
  const failure = lastFailureOf(operations, slot)
  return (
    <div aria-live="polite">
      {failure !== undefined && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t('lastFailed')}</MessageBarTitle>
            <span lang="en">{failure}</span> {t('lastFailedWay')}
          </MessageBarBody>
        </MessageBar>
      )}
    </div>
  )
}
