import { MessageBar, MessageBarBody } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'

/** Why a request was refused: the API's own words, which are English. */
export function RefusalBar({ refusal }: { readonly refusal: string | undefined }) {
  const { t } = useTranslation('operations')
  return (
    <div aria-live="assertive">
      {refusal !== undefined && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody lang={refusal === '' ? undefined : 'en'}>{refusal || t('unanswered')}</MessageBarBody>
        </MessageBar>
      )}
    </div>
  )
}
