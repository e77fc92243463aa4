import { Link, makeStyles, Text, tokens } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import { servicePath } from '../form/slot.ts'
import { PlaceLink } from '../shell/place-link.tsx'

const useStyles = makeStyles({
  links: { display: 'flex', flexWrap: 'wrap', gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalL}` },
})

/** Where the original's own pages stand now. */
const pages = [
  ['schema', 'https://learn.microsoft.com/azure/cloud-services/schema-csdef-file'],
  ['blobs', 'https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api'],
  ['api', 'https://learn.microsoft.com/previous-versions/azure/ee460799(v=azure.100)'],
] as const

/** Related pages (M-12). */
export function RelatedPages({ service }: { readonly service: string }) {
  const styles = useStyles()
  const { t } = useTranslation('upgrade')
  return (
    <nav aria-label={t('related.title')}>
      <Text weight="semibold">{t('related.title')}</Text>
      <div className={styles.links}>
        <PlaceLink to={`${servicePath(service)}/swap`}>{t('related.swap')}</PlaceLink>
        {pages.map(([name, href]) => (
          <Link key={name} href={href} target="_blank" rel="noreferrer">
            {t(`related.${name}`)}
          </Link>
        ))}
        <Link href="#top">{t('related.top')}</Link>
      </div>
    </nav>
  )
}
