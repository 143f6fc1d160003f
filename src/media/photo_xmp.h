#ifndef LEASH_MEDIA_PHOTO_XMP_H
#define LEASH_MEDIA_PHOTO_XMP_H

#include "media/photo.h"
#include "media/pieces.h"

/* The meaning of XMP properties.  Matched by local name under any namespace, because
 * makers differ in prefixes and URIs and agree on words:
 *
 *   *Lat(itude) with *Lon(gitude), also DJI's misspelt GpsLongtitude   a position; what stands
 *       before says whose: none or Gps: camera, *Target*: target, Home, TakeOff: home,
 *       Pilot, Operator: operator; Std: a deviation, no position; else the raw value as "place"
 *   *Serial*, SensorID     serial          *UUID, *DocumentID, *InstanceID, ImageUniqueID   uuid
 *   creator, OwnerName ...  name            City, Location ...                               place
 *   AbsoluteAltitude, RelativeAltitude, AltitudeType, UTCAtExposure, DroneModel              DJI's own
 *
 * Sources: ISO 16684-1, Adobe XMP part 2 (exif, aux, xmpMM, dc, photoshop), IPTC Core, real
 * DJI files; the names no sample shows (DroneModel, CaptureUUID, LRFTarget*) are from
 * users' listings. */

void photo_read_xmp(struct photo *p, struct pieces packet, const char *block_name);

#endif
