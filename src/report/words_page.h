/* What the script of the page says, below the summary: W(KEY, English, Spanish), as in words_table.h.
 * The page gets them by their keys (page/words.js). */
/* headings and the way to them */
W(SECTIONS, "Sections", "Secciones")
W(NAV_FINDINGS, "Findings", "Hallazgos")
W(NAV_PRECAUTIONS, "Precautions", "Precauciones")
W(NAV_DESTINATIONS, "Destinations", "Destinos")
W(NAV_STREAMS, "Flows", "Flujos")
W(NAV_TIMELINE, "Timeline", "Cronología")
W(NAV_PLACES, "Places", "Lugares")
W(NAV_STORIES, "Same flights", "Mismos vuelos")
W(NAV_AUDIT_TABLES, "T1 to T9", "T1 a T9")
W(NAV_TABLES, "Tables", "Tablas")
W(NAV_GLOSSARY, "Glossary", "Glosario")
W(HEAD_FINDINGS, "Findings", "Hallazgos")
W(HEAD_PRECAUTIONS, "Precautions", "Precauciones")
W(HEAD_FROM_MEMORY, "Appendix: wording not checked against the original", "Apéndice: redacción sin cotejar con el original")
W(HEAD_DESTINATIONS, "Destinations", "Destinos")
W(HEAD_STREAMS, "From device to owner to country", "Del aparato al dueño y al país")
W(HEAD_TIMELINE, "When it was sent", "Cuándo se envió")
W(HEAD_PLACES, "Where it was", "Dónde estuvo")
W(HEAD_STORIES, "One flight, several sources", "Un vuelo, varias fuentes")
W(HEAD_AUDIT_TABLES, "Audit tables", "Tablas de auditoría")
W(HEAD_GLOSSARY, "Glossary", "Glosario")
W(HEAD_ABOUT, "About this report", "Acerca de este informe")
W(LEAD_PRECAUTIONS,
    "Published advice, held against this evidence. \"Cannot tell\" means that this evidence does not decide it, and says what would.",
    "Consejos publicados, contrastados con esta evidencia. «No se puede decidir» significa que esta evidencia no lo resuelve, y dice qué lo haría.")
W(LEAD_FROM_MEMORY,
    "These are worded from memory. They are judged, and never count, until the original has been read.",
    "Están redactadas de memoria. Se evalúan, y no cuentan, hasta que se haya leído el original.")
W(LEAD_DESTINATIONS,
    "Names and addresses that traffic was addressed to, stronger in colour where more bytes were sent. "
    "An address says who it is registered to, not who reads what arrives there.",
    "Nombres y direcciones a los que se dirigió tráfico, de color más intenso donde se enviaron más bytes. "
    "Una dirección dice a nombre de quién está registrada, no quién lee lo que llega allí.")
W(LEAD_STREAMS,
    "How many bytes each device addressed to hosts of which owner, and the country that the owner runs them from, or else the "
    "one the address is registered in. Wider is more.",
    "Cuántos bytes dirigió cada aparato a servidores de qué dueño, y el país desde el que el dueño los opera o, si no se conoce, "
    "el del registro de la dirección. Más ancho es más.")
W(LEAD_TIMELINE,
    "Bytes sent to hosts outside, by the phase of the test, over the time; bars below show when an aircraft was in the air. "
    "A connection's bytes are spread evenly over the time it lasted.",
    "Bytes enviados a servidores de fuera, por fase de la prueba, a lo largo del tiempo; las barras de abajo muestran cuándo una "
    "aeronave estaba en el aire. Los bytes de una conexión se reparten por igual en el tiempo que duró.")
W(LEAD_PLACES,
    "What the files keep about places: flight paths, take-off, the person flying, photos. Drawn from the positions alone; no map "
    "was asked for.",
    "Lo que los ficheros guardan sobre lugares: rutas de vuelo, despegue, quien volaba, fotos. Dibujado solo con las posiciones; no "
    "se pidió ningún mapa.")
W(LEAD_PLACES_MAP,
    "What the files keep about places: flight paths, take-off, the person flying, photos.",
    "Lo que los ficheros guardan sobre lugares: rutas de vuelo, despegue, quien volaba, fotos.")
W(MAP_CREDIT, "Map: {0}.", "Mapa: {0}.")
W(MAP_CREDIT_OF, "Map: {0} (\"{1}\").", "Mapa: {0} («{1}»).")
W(MAP_CREDIT_NONE, "Map: its file names no author.", "Mapa: su fichero no nombra autor.")
W(MAP_FROM_FILE,
    "It comes from a file that the operator gave, is no evidence, and was asked of nobody.",
    "Viene de un fichero que dio el operador, no es evidencia y no se pidió a nadie.")
W(MAP_NOT_HERE, "The map file has nothing for this place.", "El fichero de mapas no tiene nada de este lugar.")
W(MAP_DAMAGED,
    "{0} {0#tile of it is damaged|tiles of it are damaged}, and not or only in part drawn.",
    "{0} {0#tesela está dañada|teselas están dañadas}, y no se {0#dibuja|dibujan} o solo en parte.")
W(MAP_CUT,
    "{0} {0#tile holds more than is drawn|tiles hold more than is drawn}.",
    "{0} {0#tesela contiene más de lo dibujado|teselas contienen más de lo dibujado}.")
W(MAP_LEFT_OUT,
    "{0} {0#place is|places are} drawn without the map, to keep the page's size.",
    "{0} {0#lugar se dibuja|lugares se dibujan} sin el mapa, para no agrandar la página.")
W(LEAD_STORIES,
    "Logs, videos and photos of the same flight, put together by serial number, time and place. What they disagree on is listed; "
    "what could not be decided was not put together.",
    "Registros, vídeos y fotos del mismo vuelo, reunidos por número de serie, hora y lugar. Se lista en qué no coinciden; lo que no se "
    "pudo decidir no se reunió.")
W(LEAD_AUDIT_TABLES,
    "The tables that published audits of drones print. Each is one query over the case; the documentation of the case has them, and "
    "\"leash report --format csv\" writes them.",
    "Las tablas que publican las auditorías de drones. Cada una es una consulta al caso; la documentación del caso las tiene, y "
    "«leash report --format csv» las escribe.")
W(DATA_BROKEN,
    "The data of this page cannot be read: {0}. The summary above is complete.",
    "Los datos de esta página no se pueden leer: {0}. El resumen de arriba está completo.")
W(ABOUT_BORDERS,
    "Country borders: Natural Earth. This file contacts nobody when it is opened.",
    "Fronteras: Natural Earth. Este fichero no contacta con nadie al abrirse.")
/* findings */
W(NO_FINDING, "No finding. That rests on what could be read; see the coverage above.", "Ningún hallazgo. Se apoya en lo que se pudo leer; véase la cobertura arriba.")
W(FINDINGS_LEFT, "{0} further {0#finding is|findings are} in the page and in the case.", "{0} {0#hallazgo más está|hallazgos más están} en la página y en el caso.")
W(MORE_FINDINGS, "Show more findings ({0} left)", "Mostrar más hallazgos (quedan {0})")
W(RESTS_ON, "What it rests on ({0} {0#row|rows})", "En qué se apoya ({0} {0#fila|filas})")
W(BYTES_BEHIND, "The bytes behind it:", "Los bytes en que se apoya:")
W(AND_MORE, "and {0} more", "y {0} más")
W(HIT, "Hit", "Coincidencia")
W(POINTS, "{0} {0#point|points}", "{0} {0#punto|puntos}")
W(BITS, "{0} bits", "{0} bits")
W(FIRST_HITS, "First hits", "Primeras coincidencias")
W(FIRST_HITS_OF, "First hits ({0} of {1} kept)", "Primeras coincidencias ({0} de {1} guardadas)")
W(FROM_TO, "{0} to {1} UTC", "de {0} a {1} UTC")
W(FROM_TO_BY, "{0} to {1} ({2})", "de {0} a {1} ({2})")
W(PACKET, "packet {0}", "paquete {0}")
W(PACKETS, "packets {0} to {1}", "paquetes {0} a {1}")
W(AT_OFFSET, "at offset {0}", "en la posición {0}")
W(BYTES_AT_OFFSET, "{0} bytes at offset {1}", "{0} bytes en la posición {1}")
W(MORE_BY_EXPLAIN, "leash explain CASE {0}", "leash explain CASO {0}")
W(SEARCHED,
    "Search for known values: {0} in {1} views (streams, bodies and what was unpacked from them).",
    "Búsqueda de valores conocidos: {0} en {1} vistas (flujos, cuerpos y lo desempaquetado de ellos).")
W(SEARCHED_RAW, "{0} of them could only be searched as raw bytes.", "{0} de ellos solo se pudieron buscar como bytes en bruto.")
W(SEARCHED_CHANCE,
    "{0} chance-like {0#hit|hits} kept out of the findings; expected false findings: {1}.",
    "{0} {0#coincidencia propia|coincidencias propias} del azar fuera de los hallazgos; hallazgos falsos esperados: {1}.")
/* tables */
W(FILTER, "Filter", "Filtrar")
W(FILTER_LABEL, "Filter: {0}", "Filtrar: {0}")
W(COPY, "Copy", "Copiar")
W(COPY_LABEL, "Copy: {0}", "Copiar: {0}")
W(COPY_HINT, "Copies all rows that match, as they are sorted, for a spreadsheet", "Copia todas las filas que coinciden, en su orden, para una hoja de cálculo")
W(COPIED, "{0} {0#row|rows} copied", "{0} {0#fila copiada|filas copiadas}")
W(NOT_COPIED, "This browser does not let the page copy.", "Este navegador no deja copiar a la página.")
W(RANGE, "{0} to {1}", "{0} a {1}")
W(ROWS_SHOWN, "Rows {0} of {1}", "Filas {0} de {1}")
W(ROWS_MATCHING, "Rows {0} of {1} matching ({2} in all)", "Filas {0} de {1} que coinciden ({2} en total)")
W(SHOW_MORE, "Show more rows", "Mostrar más filas")
W(FIRST_ROWS, "First rows", "Primeras filas")
W(EARLIER_ROWS, "Earlier rows", "Filas anteriores")
W(LATER_ROWS, "Later rows", "Filas siguientes")
W(LAST_ROWS, "Last rows", "Últimas filas")
W(DETAILS, "Details", "Detalles")
W(DETAILS_OF, "Details of {0}", "Detalles de {0}")
W(THIS_ROW, "this row", "esta fila")
W(TABLE_CUT, "{0} more rows are in the case and in the CSV of this table.", "{0} filas más están en el caso y en el CSV de esta tabla.")
W(LOCAL_TIME, "{0} local", "{0} hora local")
W(NAMED_BY, "by {0}", "por {0}")
W(MAKER_LISTED, "maker listed", "fabricante incluido")
W(MAKER_NOT_LISTED, "maker not listed", "fabricante no incluido")
W(YES, "yes", "sí")
W(NO, "no", "no")
/* maps and drawings */
W(COUNTRY_BY, "Country by", "País según")
W(ANSWER_operator_country, "Who runs it", "Quién lo opera")
W(ANSWER_registry_country, "Address registry", "Registro de direcciones")
W(ANSWER_location_country, "Location", "Situación")
W(ANSWER_HINT_operator_country, "country of the company that runs the host", "país de la empresa que opera el servidor")
W(ANSWER_HINT_registry_country, "country the address is registered in", "país en que está registrada la dirección")
W(ANSWER_HINT_location_country, "country the host stands in, from a location database of the operator", "país donde está el servidor, según una base de datos del operador")
W(ANSWER_UNKNOWN_FOR, "For {0} of {1} destinations this answer is not known.", "Para {0} de {1} destinos no se conoce esta respuesta.")
W(NOT_ON_MAP, "Some country codes are not on the map; the table has them.", "Algunos códigos de país no están en el mapa; la tabla los tiene.")
W(BY_OWNER, "By owner", "Por dueño")
W(BY_COUNTRY, "By country", "Por país")
W(BYTES_AND_HOSTS, "{0}, {1} {1#host|hosts}", "{0}, {1} {1#servidor|servidores}")
W(COUNTRY_TOLD, "{0}: {1} sent, {2} {2#destination|destinations}", "{0}: {1} enviados, {2} {2#destino|destinos}")
W(WORLD_LABEL, "World map. {0}", "Mapa del mundo. {0}")
W(STREAM_DEVICE, "Device", "Aparato")
W(STREAM_OWNER, "Owner", "Dueño")
W(STREAM_COUNTRY, "Country", "País")
W(OTHERS, "{0} others", "{0} más")
W(STREAMS_LABEL,
    "Diagram with {0} streams from devices to owners and {1} from owners to countries; the list below has them.",
    "Diagrama con {0} flujos de aparatos a dueños y {1} de dueños a países; la lista de abajo los tiene.")
W(AS_A_LIST, "As a list", "Como lista")
W(PERIOD, "Period", "Periodo")
W(IN_THE_AIR, "in the air", "en el aire")
W(PHASE_UNKNOWN, "phase unknown", "fase desconocida")
W(FLIGHT_NTH, "Flight {0}", "Vuelo {0}")
W(TIMELINE_LABEL,
    "Chart over time: {0} sent in {1} {1#connection|connections} over {2}, with {3} {3#flight|flights}; the table below has the sums.",
    "Gráfico en el tiempo: {0} enviados en {1} {1#conexión|conexiones} en {2}, con {3} {3#vuelo|vuelos}; la tabla de abajo tiene las sumas.")
W(NO_FLIGHT, "Positions of no flight", "Posiciones de ningún vuelo")
W(MARK_aircraft, "Flight path", "Ruta de vuelo")
W(MARK_takeoff, "First position (take-off)", "Primera posición (despegue)")
W(MARK_landing, "Last position", "Última posición")
W(MARK_home, "Home point", "Punto de origen")
W(MARK_operator, "Person flying", "Quien volaba")
W(MARK_controller, "Controller", "Mando")
W(MARK_camera, "Photo or video", "Foto o vídeo")
W(MARK_target, "Target", "Objetivo")
W(MARK_broadcast, "Broadcast position", "Posición emitida")
W(BROADCAST_OPERATOR, "Broadcast position of the operator", "Posición emitida del operador")
W(TITLE_POSITIONS, "{0}: {1} positions", "{0}: {1} posiciones")
W(LAST_OF, "({0}, last of {1} positions)", "({0}, última de {1} posiciones)")
W(LOCAL_LABEL, "Map of about {0} width, north up: {1}", "Mapa de unos {0} de ancho, norte arriba: {1}")
W(PLACE, "Place", "Lugar")
W(PLACE_PATHS, "{0} {0#flight path|flight paths}", "{0} {0#ruta de vuelo|rutas de vuelo}")
W(PLACE_PHOTOS, "{0} {0#photo or video|photos and videos}", "{0} {0#foto o vídeo|fotos y vídeos}")
W(PLACE_PERSON, "the position of the person flying", "la posición de quien volaba")
W(PLACE_POSITIONS, "positions", "posiciones")
W(ONE_OF_PLACES, "{0} places; this drawing shows one of them.", "{0} lugares; este dibujo muestra uno de ellos.")
W(NOT_DRAWN,
    "Not drawn: {0} tracks and {1} photo positions; the case file has them.",
    "Sin dibujar: {0} trazados y {1} posiciones de fotos; el fichero del caso los tiene.")
W(NORTH, "N", "N")
W(SOUTH, "S", "S")
W(EAST, "E", "E")
W(WEST, "W", "O")
/* one flight, several sources */
W(FLIGHT_OF, "Flight of {0} UTC", "Vuelo de {0} UTC")
W(FLIGHT_UNTIMED, "Flight at an unknown time", "Vuelo a una hora desconocida")
W(BEST_TRACK_MARK, "best track", "mejor trazado")
W(BEST_TRACK, "Best track: {0}.", "Mejor trazado: {0}.")
W(NO_DISAGREEMENT, "They do not disagree.", "No discrepan.")
W(HEARD_OF_IT, "What was heard of it by radio", "Lo que se oyó de él por radio")
W(NOT_DECIDED, "Not decided", "Sin decidir")
/* tables of the case */
W(HEAD_LIST_flights, "Flights", "Vuelos")
W(LEAD_LIST_flights, "Flight logs and what they hold.", "Registros de vuelo y lo que contienen.")
W(HEAD_LIST_messages, "Messages to the pilot", "Mensajes al piloto")
W(LEAD_LIST_messages, "What apps and vehicles told in words, as their logs have it.", "Lo que las aplicaciones y los vehículos dijeron con palabras, como está en sus registros.")
W(HEAD_LIST_media, "Photos and videos", "Fotos y vídeos")
W(LEAD_LIST_media, "Pictures and what they tell besides the picture.", "Imágenes y lo que dicen además de la imagen.")
W(HEAD_LIST_devices, "Devices", "Aparatos")
W(LEAD_LIST_devices, "Equipment that the evidence names.", "Equipos que nombra la evidencia.")
W(HEAD_LIST_identifiers, "Identifiers", "Identificadores")
W(LEAD_LIST_identifiers, "Values that tell one person or thing from others.", "Valores que distinguen a una persona o cosa de otras.")
W(HEAD_LIST_leaks, "Hits", "Coincidencias")
W(LEAD_LIST_leaks, "Known values found in what was sent.", "Valores conocidos hallados en lo que se envió.")
W(HEAD_LIST_flows, "Connections", "Conexiones")
W(LEAD_LIST_flows,
    "Every connection in the captures. \"Sent\" is from the device under test outwards.",
    "Cada conexión de las capturas. «Enviado» es desde el aparato examinado hacia fuera.")
W(HEAD_LIST_requests, "Requests", "Peticiones")
W(LEAD_LIST_requests, "Web requests that could be read.", "Peticiones web que se pudieron leer.")
W(HEAD_LIST_dns, "Name questions", "Consultas de nombres")
W(LEAD_LIST_dns, "Names that were asked for.", "Nombres por los que se preguntó.")
W(HEAD_LIST_behaviours, "Behaviours", "Comportamientos")
W(LEAD_LIST_behaviours, "Patterns in the traffic, which hint, no more; and matches of your own YARA rules.",
  "Patrones en el tráfico, que son indicios y nada más; y coincidencias de sus propias reglas YARA.")
W(HEAD_LIST_broadcasts, "Broadcasts", "Emisiones")
W(LEAD_LIST_broadcasts, "What was sent by radio for anyone to hear.", "Lo que se emitió por radio para quien quisiera oírlo.")
W(PERSON_live, "is now", "está ahora")
W(PERSON_app, "is (phone or controller)", "está (teléfono o mando)")
W(PERSON_takeoff, "took off", "despegó")
W(PERSON_home, "set the home point", "puso el punto de origen")
W(PERSON_fixed, "is said to be", "se dice que está")
W(HEAD_LIST_exposures, "Where the person flying was told", "Dónde se dijo que estaba quien volaba")
W(LEAD_LIST_exposures, "How long, how often and how exactly everybody in range could read it, by carrier; the place is the last one told.",
  "Cuánto tiempo, con qué frecuencia y con qué exactitud pudo leerlo cualquiera al alcance, por portadora; el lugar es el último que se dijo.")
W(HEAD_LIST_packages, "Packages", "Paquetes")
W(LEAD_LIST_packages, "Apps and firmware.", "Aplicaciones y firmware.")
W(HEAD_LIST_components, "Components", "Componentes")
W(LEAD_LIST_components, "What the packages are made of.", "De qué están hechos los paquetes.")
W(HEAD_LIST_evidence, "Evidence", "Evidencia")
W(LEAD_LIST_evidence, "Every file that was looked at, with the hash that identifies it.", "Cada fichero que se examinó, con el hash que lo identifica.")
/* T1 to T9 */
W(TABLE_T1, "Destinations", "Destinos")
W(TABLE_T2, "Devices and modes", "Aparatos y modos")
W(TABLE_T3, "Data items", "Datos")
W(TABLE_T4, "Apps", "Aplicaciones")
W(TABLE_T5, "Requirements", "Requisitos")
W(TABLE_T6, "Findings by severity", "Hallazgos por gravedad")
W(TABLE_T7, "Radio", "Radio")
W(TABLE_T8, "Scope", "Alcance")
W(TABLE_T9, "Components and where they come from", "Componentes y de dónde vienen")
W(WITHOUT_T1,
    "There is no capture among the evidence: where data went was not looked at.",
    "No hay ninguna captura entre la evidencia: no se miró adónde fueron los datos.")
W(WITHOUT_T2,
    "There is no capture among the evidence: modes cannot be compared.",
    "No hay ninguna captura entre la evidencia: no se pueden comparar modos.")
W(WITHOUT_T3,
    "Nothing in the evidence stores or sends data of a kind that leash looks for.",
    "Nada en la evidencia guarda ni envía datos de una clase que leash busque.")
W(WITHOUT_T4,
    "There is no app package among the evidence: what apps contain and may do was not looked at.",
    "No hay ningún paquete de aplicación entre la evidencia: no se miró qué contienen ni qué pueden hacer.")
W(WITHOUT_T5, "No precaution was judged.", "No se evaluó ninguna precaución.")
W(WITHOUT_T6, "There is no finding. That rests on what could be read.", "No hay ningún hallazgo. Se apoya en lo que se pudo leer.")
W(WITHOUT_T7,
    "There is no radio capture among the evidence: what the drone broadcasts was not looked at.",
    "No hay ninguna captura de radio entre la evidencia: no se miró qué emite el dron.")
W(WITHOUT_T8, "There is no evidence.", "No hay evidencia.")
W(WITHOUT_T9,
    "There is no app package, firmware or bill of materials among the evidence: components were not looked at.",
    "No hay paquete de aplicación, firmware ni lista de materiales entre la evidencia: no se miraron componentes.")
/* glossary */
W(TERM_ADDRESSED, "Addressed to", "Dirigido a")
W(MEANS_ADDRESSED,
    "The name or address that a device put on what it sent. Who received and read it cannot be seen from the sending side.",
    "El nombre o la dirección que un aparato puso a lo que envió. Quién lo recibió y leyó no se ve desde el lado que envía.")
W(TERM_READABLE, "Readable", "Legible")
W(MEANS_READABLE, "Content of a form that leash knows and could look into.", "Contenido de una forma que leash conoce y pudo mirar.")
W(TERM_OPAQUE, "Not readable", "No legible")
W(MEANS_OPAQUE,
    "Encrypted content, or content of a form that leash does not know. Nothing can be said about what is in it.",
    "Contenido cifrado, o de una forma que leash no conoce. Nada puede decirse de lo que hay en él.")
W(TERM_MISSING, "Missing", "Falta")
W(MEANS_MISSING,
    "Content that was sent but is not in the capture, because packets were lost or cut short.",
    "Contenido que se envió pero no está en la captura, porque se perdieron o cortaron paquetes.")
W(TERM_COUNTRIES, "Run from, registered in, located in", "Operado desde, registrado en, situado en")
W(MEANS_COUNTRIES,
    "Three different answers: where the company that runs a host is at home, which country its address is registered in, and where "
    "the machine stands.",
    "Tres respuestas distintas: dónde tiene su sede la empresa que opera un servidor, en qué país está registrada su dirección, y dónde "
    "está la máquina.")
W(TERM_NOT_SHOWN, "Cannot tell", "No se puede decidir")
W(MEANS_NOT_SHOWN,
    "The evidence does not decide this precaution. It was not passed, and it was not failed.",
    "La evidencia no decide esta precaución. Ni se superó ni se incumplió.")
W(TERM_ATTESTED, "Vouched for", "Avalada")
W(MEANS_ATTESTED,
    "A person states it in the policy, with name and date; the evidence does not show it.",
    "Una persona lo declara en la política, con nombre y fecha; la evidencia no lo muestra.")
W(TERM_FINDING, "Finding", "Hallazgo")
W(MEANS_FINDING,
    "Something the evidence shows that a rule asks about, with the bytes it rests on. Severity says how much it matters to the rule, "
    "not how sure it is.",
    "Algo que la evidencia muestra y por lo que pregunta una regla, con los bytes en que se apoya. La gravedad dice cuánto importa a la "
    "regla, no cuán seguro es.")
W(TERM_PRECAUTION, "Precaution", "Precaución")
W(MEANS_PRECAUTION,
    "A piece of published advice, or a rule of your own, that the evidence is held against.",
    "Un consejo publicado, o una regla propia, con que se contrasta la evidencia.")
W(TERM_PARTY, "Maker, third party, your own", "Fabricante, tercero, propio")
W(MEANS_PARTY,
    "Whose host it is: of the drone's maker, of another company, or of those who gave the evidence.",
    "De quién es el servidor: del fabricante del dron, de otra empresa, o de quien dio la evidencia.")
W(TERM_PHASE, "Phase", "Fase")
W(MEANS_PHASE,
    "The part of the test a connection began in: in flight, while the app synced afterwards, at its start, idle, or a time that you named.",
    "La parte de la prueba en que empezó una conexión: en vuelo, al sincronizar después, al iniciar la aplicación, en reposo, o un tiempo "
    "que usted nombró.")
W(TERM_CLAIM_BITS, "Bits of evidence", "Bits de evidencia")
W(MEANS_CLAIM_BITS,
    "How unlikely it is that chance made what was found: each bit halves it. Below 70 bits positions are not told as a finding.",
    "Cuán improbable es que el azar produjera lo hallado: cada bit lo reduce a la mitad. Por debajo de 70 bits, unas posiciones no se "
    "cuentan como hallazgo.")
W(TERM_DECODING, "Decoding", "Decodificación")
W(MEANS_DECODING,
    "The steps from the bytes in the evidence to what was found in them, such as unpacking and reading numbers, so that anybody can repeat them.",
    "Los pasos desde los bytes de la evidencia hasta lo hallado en ellos, como desempaquetar y leer números, para que cualquiera pueda repetirlos.")
W(TERM_COVERAGE, "Coverage", "Cobertura")
W(MEANS_COVERAGE,
    "How much of what there was could be looked at. \"Not found\" means nothing without it.",
    "Cuánto de lo que había se pudo mirar. Sin ella, «no se halló» no significa nada.")
W(TERM_CAPTURE, "Capture", "Captura")
W(MEANS_CAPTURE, "A recording of network traffic, packet by packet.", "Una grabación del tráfico de red, paquete a paquete.")
W(TERM_FLIGHT_LOG, "Flight log", "Registro de vuelo")
W(MEANS_FLIGHT_LOG,
    "The file in which an aircraft or its app records where it flew, often with the place of the person flying.",
    "El fichero en que una aeronave o su aplicación registra por dónde voló, a menudo con el lugar de quien volaba.")
W(TERM_ENCRYPTED, "Encrypted", "Cifrado")
W(MEANS_ENCRYPTED,
    "Made unreadable for all who do not have the key. It protects against listeners on the way, not against whom it is addressed to.",
    "Hecho ilegible para quien no tiene la clave. Protege de quien escucha por el camino, no de aquel a quien va dirigido.")
W(TERM_HASH, "SHA-256", "SHA-256")
W(MEANS_HASH,
    "A number worked out from every byte of a file. When one byte changes, the number changes.",
    "Un número calculado con cada byte de un fichero. Si cambia un byte, cambia el número.")
W(TERM_REMOTE_ID, "Remote ID, DroneID", "Remote ID, DroneID")
W(MEANS_REMOTE_ID,
    "What an aircraft broadcasts by radio about itself, its place and often the place of the person flying, for anyone near to hear.",
    "Lo que una aeronave emite por radio sobre sí misma, su lugar y a menudo el de quien vuela, para cualquiera que esté cerca.")
W(TERM_DEVICE_CLOCK, "UTC, device clock", "UTC, reloj del aparato")
W(MEANS_DEVICE_CLOCK,
    "UTC is the world's common time. A device's own clock may be wrong, and nobody knows by how much.",
    "UTC es la hora común del mundo. El reloj de un aparato puede ir mal, y no se sabe cuánto.")
