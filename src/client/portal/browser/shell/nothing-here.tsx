import { MessageBar, MessageBarBody, Spinner } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import { PageTitle } from './page-title.tsx'
import { PlaceLink } from './place-link.tsx'

/** What an address shows at which there is no page. */
export function NothingHere() {
  const { t } = useTranslation('shell')
  return (
    <>
      <PageTitle>{t('notFound')}</PageTitle>
      <PlaceLink to="/services">{t('backToServices')}</PlaceLink>
    </>
  )
}

/** What is shown instead of a page that has failed. */
export function PageFailed() {
  const { t } = useTranslation('shell')
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>{t('pageFailed')}</MessageBarBody>
    </MessageBar>
  )
}

/** What is shown until a page that was opened by its address is there. */
export function PageComing() {
  const { t } = useTranslation('shell')
  return <Spinner label={t('loading')} />
}
