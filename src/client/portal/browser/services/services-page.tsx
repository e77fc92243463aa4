import {
  Spinner,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  Title2,
} from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import { useServices } from '../connection/live.ts'
import { PlaceLink } from '../shell/place-link.tsx'
import { useTime } from '../shell/time.ts'

/** All cloud services of the subscription. */
export function ServicesPage() {
  const { t } = useTranslation('services')
  const time = useTime()
  const { value: services, isKnown } = useServices()
  return (
    <>
      <Title2 as="h1">{t('title')}</Title2>
      {!isKnown && <Spinner label={t('loading', { ns: 'shell' })} />}
      {services?.length === 0 && <Text>{t('none')}</Text>}
      {services && services.length > 0 && (
        <Table aria-label={t('title')}>
          <TableHeader>
            <TableRow>
              <TableHeaderCell>{t('name')}</TableHeaderCell>
              <TableHeaderCell>{t('status')}</TableHeaderCell>
              <TableHeaderCell>{t('location')}</TableHeaderCell>
              <TableHeaderCell>{t('created')}</TableHeaderCell>
            </TableRow>
          </TableHeader>
          <TableBody>
            {services.map(({ name, status, location, created }) => (
              <TableRow key={name}>
                <TableCell>
                  <PlaceLink to={`/services/${encodeURIComponent(name)}`}>{name}</PlaceLink>
                </TableCell>
                <TableCell>{status}</TableCell>
                <TableCell>{location}</TableCell>
                <TableCell>{time(created)}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </>
  )
}
