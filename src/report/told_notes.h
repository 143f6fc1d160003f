/* What leash says of the evidence, of its coverage and of one flight in several sources, told again: T(English,
 * Spanish), as in told_table.h, which includes this.
 *
 * verdicts (judge/rule.c, judge/judge.c) */
T("The policy does not select the profile {0}.", "La política no elige el perfil {0}.")
T("The policy does not select the profiles {0}.", "La política no elige los perfiles {0}.")
T("To have it judged, add {0} to the profiles of the policy.", "Para que se evalúe, añada {0} a los perfiles (profiles) de la política.")
T("Evidence of the opposite, or less coverage, would change this: leash explain shows what was asked.",
  "Lo cambiaría evidencia de lo contrario, o menos cobertura: leash explain muestra qué se preguntó.")
T("It holds as long as that person vouches for it; evidence that shows it itself would take its place.",
  "Vale mientras esa persona responda de ello; la evidencia que lo mostrara ocuparía su lugar.")
T("Evidence to which it applies would change this.", "Lo cambiaría evidencia a la que se aplique.")
T("{0} vouches for it, from {1} until {2}.", "{0} responde de ello, del {1} al {2}.")
T("{0} vouches for it, from {1} until {2}: {3}.", "{0} responde de ello, del {1} al {2}: {3}.")
T("It is in force from {0}, and this evidence is of {1} to {2}.", "Está en vigor desde el {0}, y esta evidencia es del {1} al {2}.")
T("It is no longer in force since {0}, and this evidence is of {1} to {2}.", "Ya no está en vigor desde el {0}, y esta evidencia es del {1} al {2}.")
T("It could not be worked out: the case is too large for this rule, or the rule too slow.",
  "No se pudo determinar: el caso es demasiado grande para esta regla, o la regla demasiado lenta.")
T("{0} could not be worked out within its limits of time and size.", "{0} no se pudo determinar dentro de sus límites de tiempo y tamaño.")
FOLLOWS("{0} The policy holds an attestation by {1}; the evidence speaks against it.",
        "{0} La política contiene una declaración de {1}; la evidencia habla en su contra.")
FOLLOWS("{0} The policy accepts this: the finding says who answers for it, why, and until when.",
        "{0} La política lo acepta: el hallazgo dice quién responde de ello, por qué y hasta cuándo.")
FOLLOWS("{0} The policy accepts this: the findings say who answers for it, why, and until when.",
        "{0} La política lo acepta: los hallazgos dicen quién responde de ello, por qué y hasta cuándo.")
FOLLOWS("{0} Accepted by {1} until {2}: {3}", "{0} Lo acepta {1} hasta el {2}: {3}")
T("The same holds for at least {0} more destinations, which are not listed one by one.",
  "Lo mismo vale para al menos {0} destinos más, que no se enumeran uno por uno.")
T("The same holds for {0} more destinations, which are not listed one by one.",
  "Lo mismo vale para {0} destinos más, que no se enumeran uno por uno.")
T("The policy accepts findings of \"{0}\", which is no rule of the catalogue.", "La política acepta hallazgos de «{0}», que no es ninguna regla del catálogo.")
T("The policy accepted findings of {0} until {1}: that is over.", "La política aceptó hallazgos de {0} hasta el {1}: ha vencido.")
T("The policy gives a severity to \"{0}\", which is no rule of the catalogue.", "La política da una gravedad a «{0}», que no es ninguna regla del catálogo.")
T("The policy has an attestation for \"{0}\", which is no precaution of the catalogue.",
  "La política tiene una declaración sobre «{0}», que no es ninguna precaución del catálogo.")
T("{0} and {1} more", "{0} y {1} más")
T("The operator's policy, {0}", "La política del operador, {0}")
/* coverage (judge/coverage.c), and what the run notes (cli/audit.c, destination/) */
T("no network capture", "ninguna captura de red")
T("{0} network capture, covering {1} of {2} in the air", "{0} captura de red, que abarca {1} de {2} en el aire")
T("{0} network captures, covering {1} of {2} in the air", "{0} capturas de red, que abarcan {1} de {2} en el aire")
T("{0} network capture; when the aircraft flew is not known", "{0} captura de red; no se sabe cuándo voló la aeronave")
T("{0} network captures; when the aircraft flew is not known", "{0} capturas de red; no se sabe cuándo voló la aeronave")
T("{0} of the {1} that left could not be read", "no se pudo leer el {0} de los {1} que salieron")
T("all that left could be read", "se pudo leer todo lo que salió")
T("{0}, {1} of them with an encrypted path", "{0}, {1} de ellos con la ruta cifrada")
T("{0} of evidence not read in full", "{0} de evidencia no leídos por completo")
T("The start of this run was given by SOURCE_DATE_EPOCH, not by the clock.",
  "El comienzo de esta ejecución lo fijó SOURCE_DATE_EPOCH, no el reloj.")
T("No flight log, photo, --flight or --secret gave a value to search for: whether known data left was not examined.",
  "Ningún registro de vuelo, foto, --flight ni --secret dio un valor que buscar: no se examinó si salieron datos conocidos.")
T("libloc's database is not there: no AS number and name, and one registry country less, is known for addresses (Debian package libloc-database)",
  "Falta la base de datos de libloc: de las direcciones no se conoce número ni nombre de AS, y un país de registro menos (paquete de Debian libloc-database)")
T("iptoasn: its packager warned in June 2026 that the data of this npm package contains errors and that no newer one will follow on npm",
  "iptoasn: quien lo empaqueta avisó en junio de 2026 de que los datos de este paquete de npm contienen errores y de que no habrá otro más nuevo en npm")
T("coverage: evidence read", "cobertura: evidencia leída")
T("coverage: evidence total", "cobertura: evidencia en total")
T("coverage: payload out", "cobertura: contenido enviado")
T("coverage: readable out", "cobertura: legible de lo enviado")
T("coverage: opaque out", "cobertura: no legible de lo enviado")
T("coverage: missing out", "cobertura: falta de lo enviado")
T("coverage: flight time s", "cobertura: tiempo de vuelo, s")
T("coverage: flight time covered s", "cobertura: tiempo de vuelo abarcado, s")
T("coverage: evicted", "cobertura: conexiones abandonadas")
T("evidence, read", "evidencia, leída")
T("evidence, partial", "evidencia, leída en parte")
T("evidence, unreadable", "evidencia, ilegible")
T("evidence, skipped", "evidencia, omitida")
T("serial {0}, firmware {1}", "número de serie {0}, firmware {1}")
T("serial {0}", "número de serie {0}")
/* one flight in several sources (story/) */
T("the same serial number, and times that overlap", "el mismo número de serie, y horas que se solapan")
T("The only one with a path: {0}.", "El único con ruta: {0}.")
T("Before {0} because it covers more of the flight: {1}.", "Antes que {0} porque abarca más del vuelo: {1}.")
T("Before {0} because it has more positions a second: {1}.", "Antes que {0} porque tiene más posiciones por segundo: {1}.")
T("Before {0} because it has more positions: {1}.", "Antes que {0} porque tiene más posiciones: {1}.")
T("Before {0} because one had to be chosen: by every criterion they are equal: {1}.",
  "Antes que {0} porque había que elegir uno: en todo lo demás son iguales: {1}.")
T("{0} positions, {1} a second, over {2} s of {3} s; time basis {4}; no damage",
  "{0} posiciones, {1} por segundo, durante {2} s de {3} s; base de la hora: {4}; sin daños")
T("{0} positions, {1} a second, over {2} s of {3} s; time basis {4}; parts of its file are damaged",
  "{0} posiciones, {1} por segundo, durante {2} s de {3} s; base de la hora: {4}; partes de su fichero están dañadas")
T("utc", "UTC")
T("device_clock", "reloj del aparato")
T("zone_unknown", "zona desconocida")
T("derived", "deducida")
T("takeoff", "el despegue")
T("msl", "el nivel del mar")
T("ellipsoid", "el elipsoide")
N("Its clock is {0} s behind: so moved, the two paths agree best.", "Su reloj atrasa {0} s: así corregido, las dos rutas coinciden mejor.")
N("Its clock is {0} s ahead: so moved, the two paths agree best.", "Su reloj adelanta {0} s: así corregido, las dos rutas coinciden mejor.")
T("Its clock has no zone: with {0} s its positions lie on the path of the flight, so it was set to UTC{1} h, {2} s beside.",
  "Su reloj no tiene zona: con {0} s sus posiciones caen en la ruta del vuelo, así que estaba en UTC{1} h, con {2} s de diferencia.")
T("The serial numbers in the picture are none of those that the log names.", "Los números de serie de la imagen no son ninguno de los que nombra el registro.")
T("Other serial number of the aircraft: {0}, and {1} here.", "Otro número de serie de la aeronave: {0}, y aquí {1}.")
T("Its place lies {0} m from where the aircraft was then.", "Su lugar está a {0} m de donde estaba entonces la aeronave.")
T("Its positions lie {0} m apart (median), 95 of 100 within {1} m, at {2} moments.",
  "Sus posiciones distan {0} m (mediana), 95 de cada 100 menos de {1} m, en {2} momentos.")
T("Altitudes count from: {0} there, {1} here; its are {2} m (median).", "Las alturas se cuentan desde: allí {0}, aquí {1}; las suyas difieren {2} m (mediana).")
T("Its home point lies {0} m from that of the best track.", "Su punto de origen está a {0} m del del mejor trazado.")
T("Its path begins {0} m from where the best track begins at that time.", "Su ruta empieza a {0} m de donde empieza entonces el mejor trazado.")
T("It has no positions for {0} s (the longest gap is {1} s) in which the best track has some.",
  "No tiene posiciones durante {0} s (el hueco mayor es de {1} s) en que el mejor trazado sí.")
T("It has positions for {0} s ({1} s at once) in which the best track has none.",
  "Tiene posiciones durante {0} s ({1} s seguidos) en que el mejor trazado no.")
T("It begins {0} s before the best track.", "Empieza {0} s antes que el mejor trazado.")
T("It goes on for {0} s after the best track.", "Sigue {0} s después del mejor trazado.")
T("The same path is stored twice, once under encryption and once in clear.", "La misma ruta está guardada dos veces, una cifrada y otra en claro.")
T("Not joined: both name the same aircraft and the same time, and places {0} m apart. One of the clocks or serial numbers is wrong; "
  "a third source of that flight would decide.",
  "Sin unir: ambos nombran la misma aeronave y la misma hora, y lugares a {0} m. Uno de los relojes o números de serie es falso; una "
  "tercera fuente de ese vuelo lo decidiría.")
T("Not joined: with its clock moved by {0} s its path is that of the other log ({1} m apart). One of the clocks is wrong, or the same path was flown twice.",
  "Sin unir: con su reloj movido {0} s su ruta es la del otro registro (a {1} m). Uno de los relojes es falso, o la misma ruta se voló dos veces.")
T("Not joined: it fits this flight ({0} m apart) and {1} ({2} m) about equally well. A serial number of the aircraft would decide.",
  "Sin unir: encaja en este vuelo (a {0} m) y en {1} ({2} m) más o menos igual. Un número de serie de la aeronave lo decidiría.")
/* tables and subtitles (flightlog/csv_log.c, csv_columns.c, dji_srt.c, flight_rows.c) */
N("A table of flight data that a program made, not the aircraft's own log: {0} rows.", "Una tabla de datos de vuelo que hizo un programa, no el registro propio de la aeronave: {0} filas.")
N("Flight data that an app wrote, an object a row, not the aircraft's own log: {0} rows.", "Datos de vuelo que escribió una aplicación, un objeto por fila, no el registro propio de la aeronave: {0} filas.")
N("A plan of a flight, no log: {0} rows.", "Un plan de vuelo, no un registro: {0} filas.")
T("Its columns are those that Airdata UAV writes, a service that flight logs are uploaded to: whoever made this table may have sent the flight there.",
  "Sus columnas son las que escribe Airdata UAV, un servicio al que se suben registros de vuelo: quien hizo esta tabla pudo enviar allí el vuelo.")
T("The file itself does not show it.", "El fichero mismo no lo muestra.")
T("Its columns are those of the app Litchi, whose flight logs are also kept by the service of that name: the file does not show whether this one was.",
  "Sus columnas son las de la aplicación Litchi, cuyos registros de vuelo guarda también el servicio de ese nombre: el fichero no muestra si guardó este.")
T("Its columns are those of a converter's \"Standard\" form, which the service Airdata UAV wrote in 2016 and others too: whoever made this table may have "
  "uploaded the flight.",
  "Sus columnas son las de la forma «Standard» de un convertidor, que escribían en 2016 el servicio Airdata UAV y otros: quien hizo esta tabla pudo subir "
  "el vuelo.")
T("Its columns are those of DatCon and CsvView, programs that work offline on the aircraft's own .DAT log.",
  "Sus columnas son las de DatCon y CsvView, programas que trabajan sin conexión con el registro .DAT de la aeronave.")
T("Its columns are those of the ground station UgCS.", "Sus columnas son las de la estación de tierra UgCS.")
T("It is a log of the app DroneDeploy.", "Es un registro de la aplicación DroneDeploy.")
T("Its columns are those of OpenTX and EdgeTX, the firmware of radio controls: what the aircraft told the one in its pilot's hands.",
  "Sus columnas son las de OpenTX y EdgeTX, el firmware de emisoras: lo que la aeronave decía a la que tenía su piloto en las manos.")
T("Its columns are those of the apps of the maker Autel.", "Sus columnas son las de las aplicaciones del fabricante Autel.")
T("Its columns are those of the apps of the maker Skydio.", "Sus columnas son las de las aplicaciones del fabricante Skydio.")
T("It does not say what made it, nor what moved along this track: that is taken to be the aircraft's. Columns were told by their names: untested on real "
  "files of whatever made it.",
  "No dice qué la hizo ni qué se movió por este trazado: se toma por la aeronave. Las columnas se reconocieron por sus nombres, sin probar con ficheros "
  "reales de quien la hiciera.")
T("The log is of a form that is untested on real files.", "El registro es de una forma que no se ha probado con ficheros reales.")
T("XMP of the schema \"{0}\" is untested on real files.", "El XMP del esquema «{0}» no se ha probado con ficheros reales.")
T("XMP of a schema that is not known is untested on real files.", "El XMP de un esquema desconocido no se ha probado con ficheros reales.")
T("Places in XMP other than the camera's are untested on real files.", "Los lugares en XMP que no son el de la cámara no se han probado con ficheros reales.")
T("{0} in {1}'s maker note is untested on real files.", "{0} en la nota de fabricante de {1} no se ha probado con ficheros reales.")
T("A video in Samsung's block is untested on real files.", "Un vídeo en el bloque de Samsung no se ha probado con ficheros reales.")
T("Tags of cameras in BigTIFF are untested on real files.", "Las etiquetas de cámaras en BigTIFF no se han probado con ficheros reales.")
T("What Insta360's cameras write behind their files is untested on real files.",
  "Lo que las cámaras Insta360 escriben detrás de sus ficheros no se ha probado con ficheros reales.")
T("An older form: untested on real files.", "Una forma más antigua: sin probar con ficheros reales.")
T("Its rows have dates, as Yuneec's DataPilot writes them: a form that is untested on real files.",
  "Sus filas tienen fechas, como las escribe DataPilot de Yuneec: una forma no probada con ficheros reales.")
T("Untested on real files.", "Sin probar con ficheros reales.")
T("{0} rows hold no position.", "{0} filas no tienen posición.")
T("{0} rows hold something else than numbers where the position is.", "{0} filas tienen otra cosa que números donde va la posición.")
T("{0} rows are cut off.", "{0} filas están cortadas.")
T("Dates have a grain of a second: times are the first date and the count of milliseconds, and may be up to a second early.",
  "Las fechas van de segundo en segundo: las horas son la primera fecha y la cuenta de milisegundos, y pueden adelantar hasta un segundo.")
T("Its times begin at {0}, which is not believable: no such log is older than 2010.", "Sus horas empiezan en {0}, lo que no es creíble: no hay registro así anterior a 2010.")
T("Its times end at {0}, which is not believable: that is yet to come.", "Sus horas terminan en {0}, lo que no es creíble: eso está por venir.")
T("Its times begin at {0}, which is not believable: that is yet to come.", "Sus horas empiezan en {0}, lo que no es creíble: eso está por venir.")
T("The receiver's time, which is not used, is {0}, which is not believable: no such log is older than 2010.",
  "La hora del receptor, que no se usa, es {0}, lo que no es creíble: no hay registro así anterior a 2010.")
T("The receiver's time, which is not used, is {0}, which is not believable: that is yet to come.",
  "La hora del receptor, que no se usa, es {0}, lo que no es creíble: eso está por venir.")
T("The time of the app's clock, which is not used, is {0}, which is not believable: no such log is older than 2010.",
  "La hora del reloj de la aplicación, que no se usa, es {0}, lo que no es creíble: no hay registro así anterior a 2010.")
T("The time of the app's clock, which is not used, is {0}, which is not believable: that is yet to come.",
  "La hora del reloj de la aplicación, que no se usa, es {0}, lo que no es creíble: eso está por venir.")
T("With 1024 weeks more, by which old GPS receivers are wrong, it would be of {0}.", "Con 1024 semanas más, en las que yerran los receptores GPS viejos, sería del {0}.")
T("When it was recorded is not known.", "No se sabe cuándo se grabó.")
T("Records of this version are untested on real files: check it against another source.", "Los asientos de esta versión no se han probado con ficheros reales: compárelo con otra fuente.")
T("{0} of its times have no place.", "{0} de sus horas no tienen lugar.")
T("{0} of its places have no time.", "{0} de sus lugares no tienen hora.")
T("Times count from an unknown beginning.", "Las horas cuentan desde un comienzo desconocido.")
N("{0} subtitles of a camera beside its video.", "{0} subtítulos de una cámara junto a su vídeo.")
N("{0} subtitles of a camera in its video.", "{0} subtítulos de una cámara dentro de su vídeo.")
T("None of them holds a position.", "Ninguno tiene posición.")
T("{0} of them hold no position.", "{0} de ellos no tienen posición.")
T("{0} are cut off.", "{0} están cortados.")
T("{0} are missing by their own numbers.", "Faltan {0} según sus propios números.")
T("They name the home point: where it took off, or where its operator set it.", "Dicen el punto de origen: donde despegó, o donde lo fijó su operador.")
T("They have no clock, only the time since the recording began.", "No tienen reloj, solo el tiempo desde que empezó la grabación.")
T("Positions are two numbers without labels; which is the latitude is shown by numbers beyond 90.",
  "Las posiciones son dos números sin nombre; cuál es la latitud lo muestran números mayores de 90.")
T("Its clock has no zone; by that it runs from {0} to {1}.", "Su reloj no tiene zona horaria; según él va de {0} a {1}.")
T("{0} positions without a fix (0/0) left out.", "Se dejaron fuera {0} posiciones sin fijar (0/0).")
T("{0} positions outside the globe left out.", "Se dejaron fuera {0} posiciones fuera del globo.")
T("Not all altitudes of this flight have the same reference.", "No todas las altitudes de este vuelo tienen la misma referencia.")
/* flight logs (flightlog/dji_txt_rows.c) */
N("DJI flight record, version {0}.", "Registro de vuelo de DJI, versión {0}.")
T("Records kept: {0}.", "Asientos guardados: {0}.")
N("{0} of type {1} (flight state)", "{0} de tipo {1} (estado de vuelo)")
N("{0} of type {1} (home point)", "{0} de tipo {1} (punto de origen)")
N("{0} of type {1} (gimbal)", "{0} de tipo {1} (estabilizador)")
N("{0} of type {1} (controller sticks)", "{0} de tipo {1} (palancas del mando)")
N("{0} of type {1} (clock and distance)", "{0} de tipo {1} (reloj y distancia)")
N("{0} of type {1} (landing gear)", "{0} de tipo {1} (tren de aterrizaje)")
N("{0} of type {1} (battery)", "{0} de tipo {1} (batería)")
N("{0} of type {1} (smart battery)", "{0} de tipo {1} (batería inteligente)")
N("{0} of type {1} (app message)", "{0} de tipo {1} (mensaje de la aplicación)")
N("{0} of type {1} (app warning)", "{0} de tipo {1} (aviso de la aplicación)")
N("{0} of type {1} (app serious warning)", "{0} de tipo {1} (aviso grave de la aplicación)")
N("{0} of type {1} (app operation)", "{0} de tipo {1} (manejo de la aplicación)")
N("{0} of type {1} (controller position)", "{0} de tipo {1} (posición del mando)")
N("{0} of type {1} (phone position)", "{0} de tipo {1} (posición del teléfono)")
N("{0} of type {1} (serial numbers)", "{0} de tipo {1} (números de serie)")
N("{0} of type {1} (firmware versions)", "{0} de tipo {1} (versiones de firmware)")
N("{0} of type {1} (vision)", "{0} de tipo {1} (visión)")
N("{0} of type {1} (vision message)", "{0} de tipo {1} (mensaje de visión)")
N("{0} of type {1} (flight controller settings)", "{0} de tipo {1} (ajustes del controlador de vuelo)")
N("{0} of type {1} (unknown)", "{0} de tipo {1} (desconocido)")
N("{0} of type {1} ({2})", "{0} de tipo {1} ({2})")
T("The app's summary of the flight is missing or damaged.", "El resumen del vuelo que hace la aplicación falta o está dañado.")
T("The app counted {0} flight state records; {1} are here.", "La aplicación contó {0} asientos de estado de vuelo; aquí hay {1}.")
N("Highest point {0} m above take-off.", "Punto más alto: {0} m sobre el despegue.")
N("Distance flown {0} m.", "Distancia volada: {0} m.")
T("Photos taken: {0}.", "Fotos hechas: {0}.")
T("The app's mark \"needs upload\" is set.", "La marca «por subir» de la aplicación está puesta.")
T("The app's mark \"needs upload\" is not set.", "La marca «por subir» de la aplicación no está puesta.")
T("Its records are encrypted; {0} of them were opened with keys that the operator gave, which is untested on real files.",
  "Sus asientos están cifrados; {0} de ellos se abrieron con claves que dio el operador, lo que no se ha probado con ficheros reales.")
T("{0} others could not be opened with these.", "Otros {0} no se pudieron abrir con estas.")
T("None of the keys that were given fits it.", "Ninguna de las claves dadas le vale.")
T("The flight path itself is encrypted: {0} of {1} records cannot be read without a key that only the maker hands out, so decoding them "
  "elsewhere means asking the maker.",
  "La propia ruta de vuelo está cifrada: {0} de {1} asientos no se pueden leer sin una clave que solo da el fabricante; descifrarlos en "
  "otra parte exige pedírsela.")
T("The summary needs no key: start point and time, duration, serial numbers and how much of what was kept are shown.",
  "El resumen no necesita clave: se muestran el punto y la hora de comienzo, la duración, los números de serie y cuánto se guardó.")
T("{0} aircraft records without a fix (0/0) left out.", "Se dejaron fuera {0} asientos de la aeronave sin posición (0/0).")
T("{0} aircraft positions outside the globe left out.", "Se dejaron fuera {0} posiciones de la aeronave fuera del globo.")
T("{0} positions that lie more than {1} km from those before and after them left out as damaged.",
  "Se dejaron fuera por dañadas {0} posiciones a más de {1} km de las de antes y después.")
T("{0} times the path leaps more than {1} km from one fix to the next.", "{0} veces la ruta salta más de {1} km de una posición a la siguiente.")
T("{0} phone positions without a fix left out.", "Se dejaron fuera {0} posiciones del teléfono sin fijar.")
T("The controller's positions are shown because they lie near the aircraft; their scale is assumed.",
  "Las posiciones del mando se muestran porque están cerca de la aeronave; su escala es supuesta.")
T("{0} controller positions far from the aircraft left out: their scale is not sure.",
  "Se dejaron fuera {0} posiciones del mando lejos de la aeronave: su escala no es segura.")
T("{0} positions have no clock of their own; their times are worked out.", "{0} posiciones no tienen reloj propio; su hora está deducida.")
T("{0} clock readings do not fit the others and were not used.", "{0} lecturas del reloj no encajan con las demás y no se usaron.")
T("{0} records are shorter than their kind asks for.", "{0} asientos son más cortos de lo que pide su tipo.")
N("Messages: {0}: {1}.", "Mensajes: {0}: {1}.")
N("Messages: {0}: {1} and others.", "Mensajes: {0}: {1} y otros.")
N("Only the first {0} of them have rows of their own.", "Solo los primeros {0} tienen filas propias.")
T("\"{0}\" at {1} s", "«{0}» a los {1} s")
T("The clock stands beside the counter, as in subtitles of the Dock 2 and the Matrice 4E, a form that is untested on real files.",
  "El reloj está junto al contador, como en los subtítulos del Dock 2 y del Matrice 4E, una forma que no se ha probado con ficheros reales.")
T("Labels have no colon, a form that is untested on real files.", "Los rótulos no llevan dos puntos, una forma que no se ha probado con ficheros reales.")
T("The barometer stands in brackets, as in Avata 2's subtitles, a form that is untested on real files.",
  "El barómetro va entre paréntesis, como en los subtítulos de la Avata 2, una forma no probada con ficheros reales.")
T("Positions of types 1, 5 and 2066 are untested on real files.", "Las posiciones de los tipos 1, 5 y 2066 no se han probado con ficheros reales.")
T("Positions are whole numbers, read as ten millionths of a degree; heights beside them have no known unit.",
  "Las posiciones son números enteros, leídos como diezmillonésimas de grado; las alturas junto a ellas no tienen unidad conocida.")
T("The clock goes on by more than six hours {0} times, at most by {1} s: it was set, or several recordings were put together.",
  "El reloj avanza más de seis horas {0} veces, como mucho {1} s: se ajustó, o se juntaron varias grabaciones.")
T("Positions follow one another every {0} s; {1} times it is {2} times that or more, at most {3} s: {4} s in which about {5} positions "
  "would stand. It paused there, or they are missing.",
  "Las posiciones se suceden cada {0} s; {1} veces el intervalo es {2} veces eso o más, como mucho {3} s: {4} s en que cabrían unas {5} "
  "posiciones. Se detuvo ahí, o faltan.")
T("One flight, told by {0} log and {1} picture ({2}): this is the best track.", "Un vuelo, contado por {0} registro y {1} imagen ({2}): este es el mejor trazado.")
T("One flight, told by {0} log and {1} pictures ({2}): this is the best track.", "Un vuelo, contado por {0} registro y {1} imágenes ({2}): este es el mejor trazado.")
T("One flight, told by {0} logs and {1} picture ({2}): this is the best track.", "Un vuelo, contado por {0} registros y {1} imagen ({2}): este es el mejor trazado.")
T("One flight, told by {0} logs and {1} pictures ({2}): this is the best track.", "Un vuelo, contado por {0} registros y {1} imágenes ({2}): este es el mejor trazado.")
T("One flight, told by {0} log and {1} picture ({2}): the best track is {3}.", "Un vuelo, contado por {0} registro y {1} imagen ({2}): el mejor trazado es {3}.")
T("One flight, told by {0} log and {1} pictures ({2}): the best track is {3}.", "Un vuelo, contado por {0} registro y {1} imágenes ({2}): el mejor trazado es {3}.")
T("One flight, told by {0} logs and {1} picture ({2}): the best track is {3}.", "Un vuelo, contado por {0} registros y {1} imagen ({2}): el mejor trazado es {3}.")
T("One flight, told by {0} logs and {1} pictures ({2}): the best track is {3}.", "Un vuelo, contado por {0} registros y {1} imágenes ({2}): el mejor trazado es {3}.")
/* the commonest damage */
T("{0}; and {1} more like this or others", "{0}; y {1} más como este u otros")
T("the capture ends within a record", "la captura termina dentro de un asiento")
T("a record's header makes no sense; reading goes on behind it", "la cabecera de un asiento no tiene sentido; la lectura sigue detrás")
T("the flight record's summary lies outside the file: cut off, or its offset is damaged",
  "el resumen del registro de vuelo está fuera del fichero: cortado, o su posición está dañada")
T("no record of the log in these bytes, {0} s by its clock, in which about {1} records would stand; reading goes on behind them",
  "no hay asiento del registro en estos bytes, {0} s según su reloj, en los que cabrían unos {1} asientos; la lectura sigue detrás")
T("no record of the log in these bytes, {0} s by its clock; reading goes on behind them",
  "no hay asiento del registro en estos bytes, {0} s según su reloj; la lectura sigue detrás")
T("no record of the log in these bytes; reading goes on behind them", "no hay asiento del registro en estos bytes; la lectura sigue detrás")
T("no flight record in these bytes, some {0} by the others' length; reading goes on behind them",
  "no hay registro de vuelo en estos bytes, unos {0} según la longitud de los demás; la lectura sigue detrás")
T("no flight record in these bytes; reading goes on behind them", "no hay registro de vuelo en estos bytes; la lectura sigue detrás")
T("segment {0} is cut off: {1} bytes are missing", "el segmento {0} está cortado: faltan {1} bytes")
T("{0} of {1} values of the IFD in {2} lie outside it or have no known type", "{0} de {1} valores del IFD en {2} están fuera de él o no tienen tipo conocido")
/* what destinations are for (data/destinations.csv, destination/destination.c) */
T("name service, recognised by its protocol", "servicio de nombres, reconocido por su protocolo")
T("operating system: network time, recognised by its protocol", "sistema operativo: hora de red, reconocida por su protocolo")
T("the far end of a tunnel, recognised by its protocol", "el otro extremo de un túnel, reconocido por su protocolo")
T("operating system: push connection shared by all apps (FCM)", "sistema operativo: conexión de avisos común a todas las aplicaciones (FCM)")
T("operating system: push connection shared by all apps (APNs)", "sistema operativo: conexión de avisos común a todas las aplicaciones (APNs)")
T("operating system: connectivity check", "sistema operativo: comprobación de conexión")
T("operating system: connectivity check and app store", "sistema operativo: comprobación de conexión y tienda de aplicaciones")
T("operating system: network time", "sistema operativo: hora de red")
T("cloud: a host of leash's own examples, nobody's", "nube: un servidor de los ejemplos de leash, de nadie")
T("geofence: NFZ/GEO zone queries and unlock licences (sends SN, account, lat/lon)",
  "geovalla: consultas de zonas NFZ/GEO y licencias de desbloqueo (envía número de serie, cuenta, latitud y longitud)")
T("flightlog: flight record upload/sync, geoip, device register, firmware links",
  "registro de vuelo: subida y sincronización de registros, geoip, alta de aparatos, enlaces de firmware")
T("flightlog: {0}", "registro de vuelo: {0}")
T("activation: device activation (SN, account, location)", "activación: activación del aparato (número de serie, cuenta, lugar)")
T("activation: {0}", "activación: {0}")
T("account: login/register", "cuenta: inicio de sesión y alta")
T("account: login", "cuenta: inicio de sesión")
T("account: login pages", "cuenta: páginas de inicio de sesión")
T("account: {0}", "cuenta: {0}")
T("analytics: Firebase Analytics", "analítica: Firebase Analytics")
T("analytics: {0}", "analítica: {0}")
T("analytics", "analítica")
T("map: tiles/geocode", "mapa: teselas y geocodificación")
T("map: tiles/styles (request path reveals area)", "mapa: teselas y estilos (la ruta de la petición revela la zona)")
T("map: terrain tiles (sends area)", "mapa: teselas de terreno (envía la zona)")
T("map: DEM terrain tiles (sends map area)", "mapa: teselas de terreno DEM (envía la zona del mapa)")
T("map: tiles", "mapa: teselas")
T("map: {0}", "mapa: {0}")
T("crash: self-hosted Sentry crash reports", "fallos: informes de fallos en un Sentry propio")
T("crash: {0}", "fallos: {0}")
T("update: app download", "actualización: descarga de la aplicación")
T("update: downloads", "actualización: descargas")
T("update: firmware", "actualización: firmware")
T("update: {0}", "actualización: {0}")
T("cdn: firmware/app/asset downloads", "red de distribución: descargas de firmware, aplicaciones y recursos")
T("cdn: static assets", "red de distribución: recursos fijos")
T("cdn: {0}", "red de distribución: {0}")
T("cloud: {0}", "nube: {0}")
T("cloud", "nube")
T("media: DJI photo/video sharing", "medios: compartir fotos y vídeos de DJI")
T("media: {0}", "medios: {0}")
T("push: {0}", "avisos: {0}")
T("support: {0}", "asistencia: {0}")
T("geofence: {0}", "geovalla: {0}")
T("location: {0}", "localización: {0}")
T("staging: {0}", "pruebas: {0}")
T("corp: {0}", "empresa: {0}")
T("vendor: parent of all DJI services", "fabricante: matriz de todos los servicios de DJI")
T("vendor: website", "fabricante: sitio web")
T("vendor: {0}", "fabricante: {0}")
/* steps of a decoding (leak/) */
T("http body", "cuerpo HTTP")
T("http chunk", "trozo HTTP")
T("http trailer", "campos finales HTTP")
T("degrees and minutes text", "texto en grados y minutos")
T("decimal text in radians", "texto decimal en radianes")
T("decimal text", "texto decimal")
T("json text", "texto JSON")
T("scaled whole numbers text", "texto de enteros a escala")
T("text", "texto")
