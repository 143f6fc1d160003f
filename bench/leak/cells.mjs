/* Names of cells, by the libraries of those who invented them: lines of "latitude longitude"
 * in, lines of JSON out. */
import { createInterface } from 'node:readline'
import { latLngToCell } from 'h3-js'
import mgrs from 'mgrs'
import olc from 'open-location-code'
import s2 from 's2-geometry'

const codes = new olc.OpenLocationCode()
const s2Id = (lat, lon, level) => BigInt(s2.S2.keyToId(s2.S2.latLngToKey(lat, lon, level)))
const token = id => id.toString(16).padStart(16, '0').replace(/0+$/, '')

for await (const line of createInterface({ input: process.stdin })) {
  const [lat, lon] = line.split(' ').map(Number)
  console.log(JSON.stringify({
    plus10: codes.encode(lat, lon, 10), plus11: codes.encode(lat, lon, 11),
    mgrs1: mgrs.forward([lon, lat], 5), mgrs10: mgrs.forward([lon, lat], 4),
    h3_13: latLngToCell(lat, lon, 13), h3_9: latLngToCell(lat, lon, 9),
    s2_24: token(s2Id(lat, lon, 24)), s2_16: token(s2Id(lat, lon, 16)), s2_30_id: BigInt.asUintN(64, s2Id(lat, lon, 30)).toString(),
  }))
}
