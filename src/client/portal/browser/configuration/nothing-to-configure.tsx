import { MessageBar, MessageBarBody } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import { FormPage } from '../form/form-page.tsx'
import { slotPath } from '../form/slot.ts'
import { useFormPlace } from '../form/use-form-place.ts'
import { PlaceLink } from '../shell/place-link.tsx'

/** A slot without a deployment, or with one whose package has not been read yet. */
export function NothingToConfigure({ isEmpty, title }: { readonly isEmpty: boolean; readonly title: string }) {
  const { t } = useTranslation('configuration')
  const { service, slot } = useFormPlace()
  return (
    <FormPage title={title} service={service} slot={slot}>
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>
          {isEmpty ? t('empty') : t('notRead')}{' '}
          {isEmpty && <PlaceLink to={slotPath(service, slot, 'deploy')}>{t('deploy')}</PlaceLink>}
        </MessageBarBody>
      </MessageBar>
    </FormPage>
  )
}
