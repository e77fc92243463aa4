import { MessageBar, MessageBarBody, Title2 } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

/** What an address shows at which there is no page. */
export function NothingHere() {
  const { t } = useTranslation('shell')
  return (
    <>
      <Title2 as="h1">{t('notFound')}</Title2>
      <Link to="/services">{t('backToServices')}</Link>
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
