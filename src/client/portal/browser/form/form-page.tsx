import { makeStyles, Subtitle2, Text, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Slot } from '../../../service-management/answers.ts'
import { PageTitle } from '../shell/page-title.tsx'
import { PlaceLink } from '../shell/place-link.tsx'
import { servicePath } from './slot.ts'

const useStyles = makeStyles({
  page: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXL, maxWidth: '52rem' },
  head: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXS },
  where: { color: tokens.colorNeutralForeground2 },
  section: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalM,
    minWidth: 0,
    border: 'none',
    margin: 0,
    padding: 0,
  },
})

/** A page with a form about a service, or about one of its slots. */
export function FormPage(props: {
  readonly title: string
  readonly service: string
  readonly slot?: Slot
  /** What has to be seen first. */
  readonly notices?: ReactNode
  readonly children: ReactNode
}) {
  const styles = useStyles()
  const { t } = useTranslation('form')
  const { title, service, slot, notices, children } = props
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <PageTitle id="top" about={service}>
          {title}
        </PageTitle>
        <Text className={styles.where}>
          <PlaceLink to={servicePath(service)}>{service}</PlaceLink>
          {slot && ` · ${t(`slots.${slot}`, { ns: 'summary' })}`}
        </Text>
        {notices}
      </div>
      {children}
    </div>
  )
}

/** A part of a form, under its heading. */
export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const styles = useStyles()
  return (
    <section className={styles.section} aria-label={title}>
      <Subtitle2 as="h2">{title}</Subtitle2>
      {children}
    </section>
  )
}
