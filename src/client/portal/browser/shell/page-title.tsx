import { Title2 } from '@fluentui/react-components'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

interface PageTitleProps {
  readonly children: string
  /** What the page is about, where its heading does not say so. */
  readonly about?: string
  readonly id?: string
  readonly className?: string
}

/** The heading of a page, and the title of the window: of several tabs one finds the wanted one by it. */
export function PageTitle({ children, about, ...rest }: PageTitleProps) {
  const { t } = useTranslation('shell')
  const title = [children, about, t('product')].filter(Boolean).join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
  return (
    <Title2 as="h1" {...rest}>
      {children}
    </Title2>
  )
}
