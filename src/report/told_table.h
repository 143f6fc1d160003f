/* What the case says in English and the reports repeat: T(English, Spanish).  In the English one
 * {0}..{9} stand for anything, in order; what stood there is looked up in turn, and goes into the
 * Spanish one.  Nothing else is guessed: a sentence that is not here stays as it is.
 *
 * what was found: the sentences of leak/claims.c (a test compares) */
T("The {0} was sent in readable form, addressed to {1}.", "Se envió en forma legible, dirigido a {1}: {0}.")
T("The {0} digest of the {1} was sent, addressed to {2}; whoever knows the value can recognise it.",
  "Se envió, dirigido a {2}, el resumen {0} de: {1}; quien conozca el valor puede reconocerlo.")
T("The value named {0} was sent, addressed to {1}.", "Se envió, dirigido a {1}, el valor llamado {0}.")
T("{0} position was sent from the area of the flight, addressed to {1}.",
  "Se envió {0} posición de la zona del vuelo, dirigida a {1}.")
T("{0} positions were sent from the area of the flight, addressed to {1}.",
  "Se enviaron {0} posiciones de la zona del vuelo, dirigidas a {1}.")
T("{0} position was sent, within 15 m of {1}, addressed to {2}.", "Se envió {0} posición a menos de 15 m {1}, dirigida a {2}.")
T("{0} positions were sent, within 15 m of {1}, addressed to {2}.",
  "Se enviaron {0} posiciones a menos de 15 m {1}, dirigidas a {2}.")
T("the flight path", "de la ruta de vuelo")
T("the take-off point", "del punto de despegue")
T("where the operator was recorded", "de donde consta el operador")
T("where a stored photo or video was taken", "de donde se tomó una foto o un vídeo guardado")
T("A track of {0} points along the rows of a known flight was sent, addressed to {1}; another flight on the same rows would look the same.",
  "Se envió un trazado de {0} puntos por las filas de un vuelo conocido, dirigido a {1}; otro vuelo por las mismas filas se vería igual.")
T("The path of this flight was sent, addressed to {0}: {1} points match its part from {2} to {3}.",
  "Se envió la ruta de este vuelo, dirigida a {0}: {1} puntos coinciden con su parte de {2} a {3}.")
T("A copy of a stored {0} was sent, addressed to {1}; the SHA-256 of what was sent is the file's.",
  "Se envió, dirigida a {1}, una copia de un fichero guardado ({0}); el SHA-256 de lo enviado es el del fichero.")
T("Content of a stored {0} was sent, addressed to {1}: {2} of the {3} pieces by which it can be known, about {4} % of it.",
  "Se envió, dirigido a {1}, contenido de un fichero guardado ({0}): {2} de los {3} trozos por los que se le conoce, cerca del {4} %.")
T("A picture that looks like a stored photo was sent, addressed to {0}: {1} of {2} marks of light and dark agree. It may be a smaller "
  "or rewritten version; another photo of the same view would look the same.",
  "Se envió, dirigida a {0}, una imagen parecida a una foto guardada: {1} de {2} marcas de luz y sombra coinciden. Puede ser una versión "
  "menor o reescrita; otra foto de la misma vista se vería igual.")
T("A request revealing the area (about {0} km across) was sent, addressed to {1}.",
  "Se envió, dirigida a {1}, una petición que revela la zona (de unos {0} km).")
T("The addresses of {0} Wi-Fi networks that were heard near by were sent, addressed to {1}; such a list can be looked up as a place.",
  "Se enviaron las direcciones de {0} redes wifi oídas cerca, dirigidas a {1}; una lista así permite averiguar el lugar.")
T("Encrypted traffic addressed to {0} is consistent with upload of a stored {1}; its content is not readable.",
  "El tráfico cifrado dirigido a {0} es compatible con la subida de un fichero guardado ({1}); su contenido no es legible.")
T("serial number", "número de serie")
T("serial number of the aircraft", "número de serie de la aeronave")
T("serial number of the controller", "número de serie del mando")
T("serial number of the camera", "número de serie de la cámara")
T("serial number of the battery", "número de serie de la batería")
T("serial number of the gateway", "número de serie de la pasarela")
T("serial number of the phone", "número de serie del teléfono")
T("serial number of the {0}", "número de serie de: {0}")
T("aircraft", "aeronave")
T("controller", "mando")
T("camera", "cámara")
T("battery", "batería")
T("gateway", "pasarela")
T("phone", "teléfono")
T("flight log", "registro de vuelo")
T("photo or video", "foto o vídeo")
T("card path", "ruta en la tarjeta")
T("account", "cuenta")
T("value", "valor")
T("an unknown host", "un destino desconocido")
/* the notes on coverage (judge/coverage.c) */
T("{0} of {1} could be read only in part.", "Solo se pudo leer en parte: {0} de {1}.")
T("{0} of {1} could not be read.", "No se pudo leer: {0} de {1}.")
T("{0} of {1} were left out: no evidence that leash reads.", "Se dejó fuera: {0} de {1}; no es evidencia que leash lea.")
T("{0} of {1} keep their path encrypted: it was not read, and could not be searched for.",
  "{0} de {1} guardan su ruta cifrada: no se leyó y no se pudo buscar.")
T("{0} without known UTC times: no capture can be laid over them.", "{0} sin hora UTC conocida: ninguna captura se les puede superponer.")
T("No network capture was given: nothing can be said about what was sent.",
  "No se dio ninguna captura de red: nada puede decirse de lo que se envió.")
T("{0} of the {1} that left could not be read: {2} encrypted or unknown, {3} not in the capture.",
  "{0} de los {1} que salieron no se pudo leer: {2} cifrados o desconocidos, {3} que no están en la captura.")
T("Captures cover {0} of {1} of flight; a capture counts from its first to its last packet, without pauses of more than 5 minutes.",
  "Las capturas abarcan {0} de {1} de vuelo; una captura cuenta del primer paquete al último, sin pausas de más de 5 minutos.")
T("No flight times are known: it cannot be told whether the captures cover a flight.",
  "No se conocen horas de vuelo: no puede decirse si las capturas abarcan un vuelo.")
T("{0} could not be followed to the end, because too many were open at once.",
  "{0} no se pudieron seguir hasta el final, porque había demasiadas abiertas a la vez.")
T("Damaged or not understood: {0} in {1}; {2} and {3} are known to be lost.",
  "Dañado o no entendido: {0} en {1}; consta que se perdieron {2} y {3}.")
T("Timed by a device's own clock: {0}; how well it agrees with the clock of the captures is not known.",
  "Con la hora de un reloj del propio aparato: {0}; no se sabe cuánto concuerda con el de las capturas.")
T("The YARA rule \"{0}\" of \"{1}\" matches {2}", "La regla YARA «{0}» de «{1}» coincide con {2}")
T("{0} went to addresses for which the evidence holds no name.", "{0} fueron a direcciones para las que la evidencia no tiene nombre.")
T("{0} were searched for known values, counted after unpacking; {1} stayed below the threshold and do not count; {2} could not be unpacked.",
  "Se buscaron valores conocidos en {0}, contados tras desempaquetar; {1} quedaron bajo el umbral y no cuentan; {2} no se pudieron desempaquetar.")
T("By chance alone {0} positions would look like hits; hits so weak stay below the threshold.",
  "Solo por azar {0} posiciones parecerían coincidencias; las tan débiles quedan bajo el umbral.")
T("The path of the {0} needs {1} at a position a second; of the {2} that could not be read it is not known what they hold: {3}.",
  "La ruta de {0} necesita {1} a una posición por segundo; de los {2} que no se pudieron leer no se sabe qué contienen: {3}.")
T("Addressed to {0}: {1} readable, {2} opaque, {3} missing; {4}.", "Dirigido a {0}: {1} legibles, {2} no legibles, {3} que faltan; {4}.")
T("no whole copy of the path fits into it, but {0} of one", "no cabe ninguna copia entera de la ruta, pero sí el {0} de una")
T("the path would fit into it {0} time", "la ruta cabría {0} vez")
T("the path would fit into it {0} times", "la ruta cabría {0} veces")
T("The address data \"{0}\" is of {1}, more than a year old: owners and countries may have changed.",
  "Los datos de direcciones «{0}» son de {1}, de hace más de un año: dueños y países pueden haber cambiado.")
T("1 item", "1 elemento")
N("{0} items", "{0} elementos")
T("1 place", "1 lugar")
N("{0} places", "{0} lugares")
T("1 record", "1 asiento")
N("{0} records", "{0} asientos")
T("1 flight", "1 vuelo")
N("{0} flights", "{0} vuelos")
T("1 known flight", "1 vuelo conocido")
N("{0} known flights", "{0} vuelos conocidos")
T("1 flight log", "1 registro de vuelo")
N("{0} flight logs", "{0} registros de vuelo")
T("1 connection", "1 conexión")
N("{0} connections", "{0} conexiones")
T("1 weak hit", "1 coincidencia débil")
N("{0} weak hits", "{0} coincidencias débiles")
/* what precautions would need most often (data/precautions) */
T("a capture of the controller's or phone's network during the flight: captures cover {0} of {1} in the air, and the policy asks for {2}",
  "una captura de la red del mando o del teléfono durante el vuelo: las capturas abarcan {0} de {1} en el aire, y la política pide {2}")
T("your internal networks, in the policy (internal_networks)", "sus redes internas, en la política (internal_networks)")
T("where your equipment may send to, in the policy (allowed_destinations)",
  "adónde puede enviar su equipo, en la política (allowed_destinations)")
T("the makers you have looked into, in the policy (assessed_makers)",
  "los fabricantes que usted ha examinado, en la política (assessed_makers)")
T("the firewall's rules as its own tool prints them (nft list ruleset, iptables-save, netsh advfirewall)",
  "las reglas del cortafuegos como las imprime su propia herramienta (nft list ruleset, iptables-save, netsh advfirewall)")
T("captures whose content can be read (taken before it is encrypted): {0} of what left is encrypted, unknown or missing",
  "capturas cuyo contenido pueda leerse (tomadas antes de cifrarse): el {0} de lo que salió está cifrado, es desconocido o falta")
T("{0} of stored evidence in a form that can be read", "{0} de evidencia guardada en una forma que pueda leerse")
/* the plain names in the tables T3 and T8 */
T("Flight path", "Ruta de vuelo")
T("Position of aircraft, home point, operator or picture", "Posición de aeronave, punto de origen, operador o imagen")
T("Serial number", "Número de serie")
T("Other identifier (account, phone, network)", "Otro identificador (cuenta, teléfono, red)")
T("Photo or video", "Foto o vídeo")
T("Log file", "Registro")
T("Place by reference (map tile, zone)", "Lugar por referencia (tesela de mapa, zona)")
T("Value named by the operator", "Valor nombrado por el operador")
T("program", "programa")
T("run", "ejecución")
T("app in flight logs", "aplicación en los registros de vuelo")
T("app package", "paquete de aplicación")
T("flight", "vuelo")
T("evidence, {0}", "evidencia, {0}")
T("coverage: {0}", "cobertura: {0}")
T("Wi-Fi network", "Red Wi-Fi")
T("French identification", "Identificación francesa")
/* what stands behind another sentence in a finding (data/precautions/observations.yaml) */
FOLLOWS("{0} ({1} finds of this kind.)", "{0} ({1} hallazgos de este tipo.)")
FOLLOWS("{0} The policy allows this destination.", "{0} La política permite este destino.")
FOLLOWS("{0} It was not encrypted: anybody on the way could read it.", "{0} No iba cifrado: cualquiera en el camino podía leerlo.")
#include "report/told_broadcast.h"
#include "report/told_notes.h"
#include "report/told_pieces.h"
#include "report/told_rules.h"
