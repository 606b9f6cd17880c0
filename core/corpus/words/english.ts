/**
 * The words of the readable corpus. First names, towns, foods and traits are common and neutral, at most 8 letters of
 * a to z, and no word is on two lists; who lives where, eats what and is like what is drawn, so no real person is meant.
 */

/** 1024 first names of at most 7 letters, in alphabetical order. */
export const firstNames: readonly string[] = words(`
  aaron abel abigail ada adnan adriana agata agnes agnete aida aidan aiko aisha akira alba albert aldo alec alena
  alessia alfie alfred alicia alida aline alisa alma alonso alun alvaro alvin alyssa amadou amara amelia amina amir
  amit amos amparo amy ana anders andre andreas andres andy angela angus anika anita anja ann anna anne anouk anssi
  anton antonia aoife april arda ari ariane ariel armin arne arno arnold arto asha ashley asta astrid aubrey audrey
  ava aveline ayaka ayo ayse aziz bao barbara bart bashir basma beata beate bela bella ben benedek benita benito
  benno benoit bente berit bert beth bethan beto bianca bina birthe blake blanca bogdan bola bonnie bozena breanna
  brenda brent brian britta brona bruna bruno bryan bryn burak caio caleb camila camille candice carlos carmen carol
  carsten casey catrin cecilia cedric celeste celina celine cem chantal charles charlie chen chi chiara chie chloe
  cian ciara clara claude claudia clemens cleo clive clyde colette colin colm conal conor conrad cora corin corinna
  craig cristo curtis cyril cyrille czeslaw dafydd dahlia dalia damon dana danny danuta daphne darina darius dave
  david dayo delia denise deniz derek dermot desmond dev diana diego dieter dimitri dina dirk divya dominic dora
  doreen doris dorota dorte doug dulce duncan dustin dylan eamon ebbe edith edmund eero efe efua eileen einar eino
  eira ekow ela elaine eli elias elio elisa elise ella elle ellen elliot elmer elodie eloise elsie elvio elvira
  emeline emi emil emilia emilio emir emma emre enid enrico enzo eoin eric erika ernest ernie erwin esben esha esme
  espen estelle esther ethan etta eugene eva evan ezra fabian fabio fadi farouk faye felix femi feng ferenc fergal
  fergus ffion filippa fiona flavio fleur flora florian frances franz fred freda freya fritz frode gabriel gail
  gareth garry gaston gauri gavin geoff george gerald gerard gerd gerda gerhard gethin gianna gilbert gilda gilles
  gina gisela gitte giulia gloria goran gosia graham greg gregor greta gretel grigor gro guille gunnar gunther gus
  gwen gwyn gyula halina halya hamid hanh hannah hannes hannu hans harald harriet harris harry haruka haruto heidi
  heikki heiko heinz helen helena helene helge helio henning henrik henry henryk herbert herman herve hideo hilda
  hilde holger homer horst hugh hugo huw ian ichiro ida ieuan ignaz ihor iker ilker ilmari ilona imani imke imran
  imre ina indira ines inga inge ingrid ira irene irina irvin irving iryna isaac isabel isla istvan ivan iwona jacek
  jacinta jackie jacob jaime jamal james jamila jana jane janice janis jannik jared jarek jari jasmine jasper jean
  jeanne jeff jelena jenna jennie jenny jens jeremy jerome jerry jerzy jesper jessica jill jim jiro joan joana
  jochen joe joerg johan john jon jonah jonas joni jorge jozsef juana judy jule julian julie julio julius jutta
  kaito kamil kamila kana kaori kara kari karim karina karsten kasia kaspar kate kati katia katie katja katrin kavya
  kayla keira keith kelly kendra kenny kerem kerry kerstin kiara kieran kim kimiko kira kirk kirsten kjell klara
  klaus kofi koji konrad korbin krista krysia kunal kurt kwame kyle kylie lachlan laci lamia lan lana larry laszlo
  latifa lauren lebo leena leif lenny leo leon leona leonie leonor leroy leslie lester lesya leszek letizia levi lex
  lidia lidka lila lilian lina linda linh lise liv lloyd logan loic lois lola lora lorena lorenz lothar lotta lotte
  lou louane louis louisa louise luc lucia lucian lucille lucy ludwig luigi lukas luke lulu luna lutz lynn mabel
  maciek mae maeve magda magnus mairi maja makena makoto malcolm malik malin malte manfred manon manuel manuela mara
  marc marco marcus marek margit margo maria marie marika mariko marina mario marisa marius markus marlene marlon
  martha marty masao mascha mateo matilda matt matteo matti maud maureen maurice mauro max maxim maxime mehmet mei
  melanie melinda melissa melvin meryl mhairi mia michael miguel mika mikael mikhail mikko miklos mila milena mina
  minh miranda mireia mirek miriam miro mogens mohan moira molly monica monika morgan moritz morris muriel murray
  mykola myra nacho nadine nadja nala nancy nao natalia natalie natasha nathan natsuki nazli neha neil nell nelly
  nelson nerys nessa nestor nga ngoc ngozi nia niall nicky nico nicola nicolas nicole niels nigel niklas nikolaj
  ning nisha noah noam noel noemi nora norbert noriko nuno nuria odette odile oksana ola oleg olena olga oliver
  olivia oliwia olof omar ophelia orsi orson osamu osman oswald otis outi ozan paavo paco padma pali paloma paolo
  parker pascale patrick patty paul paula pauline pavel pelin pepe per percy perla perry peter petro phil philip pia
  pierre pilar pinar piotr piper portia priya qasim quang quentin quim quincy quinn rachel radek rafa rafael rafi
  ragnar rainer rajesh ralf ramiro randi rania raquel ravi raymond regina reiko remi remy renata rene reto reza
  rhoda rhodri rhys ricardo ricky riku rita robbie robert robin rohan roisin roman romeo romy ronald ronja rosalie
  rosario rosie ross rowan roxana ruben rudolf rufus runa rupert russell ruth ryan ryszard sabine sachin sadie
  safiya sakura sally salma samuel sandor sandro sanjay sascha satoshi saul sean selena serena serge seth shannon
  shaun sheila shelley shirley sian sibylle sidonie siegrid sienna signe sigrid sigurd siiri silas silke simon
  simona simone sina sinead sioned siv sofia sofiya solveig sonia sophia sophie soren stacy stanley stefan steffi
  stella steve steven stuart sumi sunil susan svein sven svenja sybil sylvain sylvia tabea tadeo tadeu taina talia
  tamara tamas tapio tara taras tariq tasha taylor teddy tegan telma tendai teo terence teresa tess tetsuo thabo
  thanh thea thelma theo theresa thibaut thomas thore tia tibor tiernan tilda timo tino toby tolga tom tomas tommy
  tomos tone toni tony torben torill trevor trish tristan trudy tuula tyler tyra ugur ulf ulysse uma umar umut unni
  urho uri urs ursula uwe valerie vasco vasyl veena venla verena vernon vibeke vicky viggo viktor ville vincent
  virgil vito vivian volkan volker vural walid walter wanjiru warren wendy werner wes wesley wiktor wilbur wilfred
  willa wilma winston wolfram wyn xavi ximena xin yaa yan yannick yasmin yavuz yemi ying yoko yong yoshi yui yuko
  yuna yuri yusuf yves yvonne zahra zaira zawadi zbyszek zelda zelie zeynep zhen ziggy zlata zofia zola zoltan zuri
`)

/** 64 towns: after `lives in`. */
export const towns: readonly string[] = words(`
  oslo bergen lund malmo turku tampere riga tallinn vilnius gdansk krakow prague graz linz bern basel geneva zurich
  lyon nantes rennes lille rome turin pisa genoa madrid seville granada lisbon porto dublin galway york leeds oxford
  athens patras izmir ankara cairo tunis rabat accra lagos nairobi mombasa kampala delhi mumbai hanoi tokyo kyoto
  osaka nara seoul busan perth lima quito bogota boston denver toronto
`)

/** 64 foods, none of them counted one by one: after `eats`, `the` and `more`. */
export const foods: readonly string[] = words(`
  figs rice bread pears plums apples grapes lemons cherries dates olives beans lentils peas corn carrots beets
  onions leeks garlic cabbage spinach lettuce celery turnips potatoes yams tomatoes peppers squash noodles pasta
  pizza soup stew salad cheese yogurt eggs honey jam toast oats muesli waffles pancakes bagels muffins cookies cake
  pie pudding nuts almonds walnuts hummus tofu tacos falafel berries melons mangoes kiwis bananas
`)

/** 64 traits that nobody minds: after `is` and before a noun. */
export const traits: readonly string[] = words(`
  kind calm brave funny shy quiet polite clever curious gentle patient loyal witty wise eager bold humble modest
  careful tidy neat punctual friendly generous helpful playful active lively bright merry jolly happy serious
  sincere tender warm fair fearless graceful grateful hopeful musical sporty handy creative thrifty dreamy nimble
  quick sharp steady strong tall tactful mellow agile alert earnest gifted keen peaceful sensible thorough daring
`)

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}
